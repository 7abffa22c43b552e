import type { CaseResult, CaseViolation, Exchange, Report } from './model.ts';
import type { RequestDifference } from './request-differences.ts';

/** The facts about a wrong answer that hints are chosen by. */
export interface Clue {
  readonly violations: readonly CaseViolation[];
  readonly exchange: Exchange;
  /** The differences between the request and its control. */
  readonly differences: readonly RequestDifference[];
}

interface Hint {
  fits(clue: Clue): boolean;
  readonly says: string;
}

/** Returns the probable cause of a violation, if it can be recognised. */
export function findHint(clue: Clue): string | undefined {
  return hints.find((hint) => hint.fits(clue))?.says;
}

const htmlAnswer = ({ exchange }: Clue) => /^\s*<(?:!doctype|html)/i.test(exchange.response?.body.text ?? '');
const status = ({ exchange }: Clue) => exchange.response?.status ?? 0;
const accepted = (clue: Clue) => status(clue) >= 200 && status(clue) < 300 && wantsRefusal(clue);
const wantsRefusal = ({ violations }: Clue) =>
  violations.some(({ at, expected }) => at === 'status' && expected.startsWith('4'));
const differs = (at: string, clue: Clue) => clue.violations.find((violation) => violation.at === at);
const sends = (pattern: RegExp) => (clue: Clue) => clue.differences.some(({ sent }) => pattern.test(sent ?? ''));
const codeIn = (text: string | undefined) => /\b[a-z]\w*_\w+\b/i.exec(text ?? '')?.[0];

const isJson = ({ exchange }: Clue) => /^\s*[[{]/.test(exchange.response?.body.text ?? '');
const alike = (expected: string, actual: string) => expected.toLowerCase().includes(actual.toLowerCase());

/** The first hint that fits is shown. Hints are guesses, and say so. */
const hints: readonly Hint[] = [
  {
    fits: ({ exchange }) => exchange.failure?.kind === 'time-out',
    says: 'Perhaps the server waits for something, a body for example, or answers more slowly than --timeout says.',
  },
  {
    fits: ({ exchange }) => exchange.failure?.kind === 'malformed',
    says: 'Perhaps the port speaks HTTPS: begin the URL with https://.',
  },
  {
    fits: ({ exchange }) => exchange.failure?.kind === 'closed',
    says: 'Perhaps the server crashed while it answered, or an exception closed the connection: see its log.',
  },
  {
    fits: (clue) => accepted(clue) && sends(/\\n"$/)(clue),
    says: 'Perhaps the pattern is tested with $, which in many languages matches before a newline at the end: use \\z, or match the whole text.',
  },
  {
    fits: (clue) => accepted(clue) && sends(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/)(clue),
    says: 'Perhaps \\d is used, which in many languages takes the digits of every script: use [0-9].',
  },
  {
    fits: (clue) => accepted(clue) && sends(/^"\s|\s"$/)(clue),
    says: 'Perhaps the value is trimmed before it is checked.',
  },
  {
    fits: (clue) =>
      accepted(clue) && clue.differences.some(({ part, sent }) => part.startsWith('body/') && sent === undefined),
    says: 'Perhaps the property is not required, or has a default.',
  },
  {
    fits: (clue) => accepted(clue) && sends(/^(?:null|"")$/)(clue),
    says: 'Perhaps a null or empty value is treated as one that was not sent, and is not checked.',
  },
  {
    fits: (clue) =>
      accepted(clue) && clue.differences.some(({ part, sent }) => part.startsWith('body/') && /^[^"]/.test(sent ?? '')),
    says: 'Perhaps the value is turned into a string before it is checked: its type has to be checked first.',
  },
  {
    fits: (clue) => accepted(clue) && clue.differences.some(({ part }) => part === 'header authorization'),
    says: 'Perhaps the token is not checked at all, or only whether there is one.',
  },
  {
    fits: (clue) => accepted(clue) && clue.differences.some(({ part }) => part === 'path'),
    says: 'Perhaps this part of the path is ignored, or its pattern is not tested against the whole text.',
  },
  {
    fits: (clue) => accepted(clue) && clue.differences.some(({ part }) => part.startsWith('body/')),
    says: 'Perhaps the pattern is not tested against the whole text: it needs an anchor at both ends.',
  },
  {
    fits: (clue) => htmlAnswer(clue),
    says: 'HTML instead of JSON: perhaps the error page of a framework, or of a proxy before it.',
  },
  {
    fits: ({ exchange }) => [301, 302, 303, 307, 308].includes(exchange.response?.status ?? 0),
    says: 'Redirects are not followed: perhaps https:// or another path has to be named in the URL.',
  },
  {
    fits: (clue) => [502, 503, 504].includes(status(clue)),
    says: 'Perhaps a proxy answered because the server behind it did not.',
  },
  {
    fits: (clue) => status(clue) >= 500 && differs('status', clue) !== undefined,
    says: 'Perhaps an exception that nothing catches, or a wrong status: see the log of the server.',
  },
  {
    fits: (clue) => status(clue) === 429,
    says: 'The server limits how much is sent: try --concurrency 1.',
  },
  {
    fits: (clue) => {
      const { expected, actual } = differs('status', clue) ?? {};
      return codeIn(expected) !== undefined && codeIn(expected) === codeIn(actual);
    },
    says: 'The code is right, only the status is not: perhaps the framework answers failed validation with a status of its own.',
  },
  {
    fits: (clue) => status(clue) === 401 && differs('status', clue) !== undefined,
    says: 'Perhaps the token is not the right one, or has expired: see CONFORMANCE_TOKEN.',
  },
  {
    fits: ({ violations, exchange: { response } }) =>
      violations.some(({ at }) => at === 'body' || at.startsWith('header content-type')) && response?.body.length === 0,
    says: 'The body is empty: perhaps the status is set, and nothing is written.',
  },
  {
    fits: (clue) => differs('/error', clue) !== undefined && /"code"/.test(clue.exchange.response?.body.text ?? ''),
    says: 'There is a code, but elsewhere: it belongs into {"error": {"code": …, "message": …}}.',
  },
  {
    fits: (clue) => differs('header content-type', clue) !== undefined && isJson(clue),
    says: 'The body is JSON, only the header declares something else, or nothing.',
  },
  {
    fits: (clue) => {
      const code = codeIn(differs('/error/code', clue)?.expected ?? differs('status', clue)?.expected);
      const text = clue.exchange.response?.body.text ?? '';
      return code !== undefined && text.includes(`"${code}"`) && differs('/error/code', clue)?.actual !== `"${code}"`;
    },
    says: 'The code is in the body, but elsewhere: it belongs into {"error": {"code": …, "message": …}}.',
  },
  {
    fits: (clue) => {
      const { expected = '', actual = '' } = differs('/error/code', clue) ?? {};
      return codeIn(actual) !== undefined && !expected.includes(actual) && alike(expected, actual);
    },
    says: 'Only capital and small letters differ.',
  },
  {
    fits: (clue) => status(clue) >= 500 && differs('/error/code', clue) !== undefined,
    says: 'The code does not go with the status: perhaps the status is the wrong one of the two.',
  },
  {
    fits: (clue) => codeIn(differs('/error/code', clue)?.actual) !== undefined,
    says: 'It is refused, but for another reason: perhaps another part of the request is checked first, or is blamed by mistake.',
  },
  {
    fits: (clue) => differs('call', clue)?.expected.startsWith('a destination') === true,
    says: 'Perhaps the transfer is accepted and not carried out, or takes longer than --effect-timeout says.',
  },
  {
    fits: (clue) => differs('call', clue)?.expected.startsWith('still') === true,
    says: 'Perhaps the call is moved before the request is checked as a whole.',
  },
  {
    fits: ({ violations }) =>
      violations.some(({ expected, actual }) => /string/.test(expected) && /^[\d-]/.test(actual)),
    says: 'Perhaps it is written as a number where it must be a string.',
  },
  {
    fits: ({ violations }) => violations.some(({ actual }) => actual === 'null'),
    says: 'Perhaps members without a value are written as null, and should be left out.',
  },
];

/** Returns the one cause that kept a whole run from proving anything, if there is one, and what to look at. */
export function findOverallCause(report: Report): string | undefined {
  const { verdict, cases } = report;
  if (verdict === 'conforming' || !cases.some(isUnexpected)) return undefined;
  return findSameAnswer(report) ?? findRefusedControl(report);
}

interface Cause {
  /** The status, or how the connection failed. */
  readonly answer: RegExp;
  readonly ask: string;
}

const askForPath = 'is the path of the URL right? Requests go to URL/uapi/phoneCalls/…';

/** The questions to ask where a valid transfer has one of these answers. */
const causes: readonly Cause[] = [
  { answer: /^401/, ask: 'is CONFORMANCE_TOKEN right, and not expired?' },
  { answer: /^403/, ask: 'may the user of CONFORMANCE_TOKEN transfer this call?' },
  { answer: /^404 /, ask: 'do --user, --extension and --call name a live call?' },
  { answer: /^(?:404|405|501)/, ask: askForPath },
  { answer: /^415/, ask: 'does it take JSON?' },
  { answer: /^429/, ask: 'it limits how much is sent: try --concurrency 1.' },
  { answer: /^3/, ask: 'redirects are not followed: does the URL begin with the right scheme, host and path?' },
  { answer: /^5/, ask: 'is it a proxy without a server behind it, or an exception? See its log.' },
  { answer: /^time-out/, ask: 'is the server stuck, or slower than --timeout allows?' },
  { answer: /^malformed/, ask: 'does the port speak HTTP? It may be https:// that has to be named.' },
  { answer: /^closed/, ask: 'did the server crash, or does it speak HTTPS only? See its log.' },
];

function findSameAnswer({ cases, target }: Report): string | undefined {
  const answers = new Set(cases.flatMap((result) => result.answers));
  const statuses = new Set([...answers].map((answer) => answer.split(' ')[0] ?? ''));
  if (statuses.size !== 1) return undefined;
  const [status = ''] = statuses;
  const ask = askAbout(answers.size === 1 ? ([...answers][0] ?? '') : status, target.name);
  return ask && `Every request was answered ${describeAnswer(status)}: ${ask}`;
}

/** Looks for a control that was refused itself. */
function findRefusedControl({ cases, target }: Report): string | undefined {
  const ids = new Set(cases.map(({ control }) => control));
  const control = cases.find(({ id, accepted, answers }) => ids.has(id) && !accepted && answers.length > 0);
  if (control === undefined) return undefined;
  const answer = control.answers.join(', ');
  if (control.verdict === 'unreached')
    return `A valid transfer, ${control.id}, was answered ${answer}: ${control.reason}.`;
  const ask = askAbout(answer, target.name) ?? 'begin with that; without it refusals prove nothing.';
  return `A valid transfer, ${control.id}, was answered ${describeAnswer(answer)}: ${ask}`;
}

function askAbout(answer: string, url: string): string | undefined {
  return causes.find((cause) => cause.answer.test(answer))?.ask.replace('URL/', `${url}/`);
}

function describeAnswer(answer: string): string {
  return /^\d/.test(answer) ? answer : `with no complete response (${answer})`;
}

/** Tells whether a status was not the expected one, or an answer made a case pointless. */
function isUnexpected({ verdict, answers, checks }: CaseResult): boolean {
  if (verdict === 'unreached') return answers.length > 0;
  return checks.some(({ violations }) => violations.some(({ at }) => at === 'status' || at === 'message'));
}
