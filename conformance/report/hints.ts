import { parseIfJson } from '../contract/json.ts';
import { readErrorCode } from '../contract/refusal.ts';
import type { CaseResult, CaseViolation, Exchange, Report } from './model.ts';
import type { RequestDifference } from './request-differences.ts';
import { countEach } from './verdict.ts';

/** The facts about a wrong answer that hints are chosen by. */
export interface Clue {
  /** The id of the case. */
  readonly id: string;
  readonly violations: readonly CaseViolation[];
  readonly exchange: Exchange;
  /** The differences between the request and its control. */
  readonly differences: readonly RequestDifference[];
  /** The cases of the run. */
  readonly cases: readonly CaseResult[];
}

/** Returns the probable cause of a violation, if it can be recognised. */
export function findHint(clue: Clue): string | undefined {
  return Object.entries(hints).find(([, fits]) => fits(clue))?.[0];
}

const status = ({ exchange }: Clue) => exchange.response?.status ?? 0;
const accepted = (clue: Clue) => status(clue) >= 200 && status(clue) < 300 && wantsRefusal(clue);
const wantsRefusal = ({ violations }: Clue) =>
  violations.some(({ at, expected }) => at === 'status' && expected.startsWith('4'));
const isCase = (pattern: RegExp) => (clue: Clue) => pattern.test(clue.id);
const differs = (at: string, clue: Clue) => clue.violations.find((violation) => violation.at === at);
const sends = (pattern: RegExp) => (clue: Clue) => clue.differences.some(({ sent }) => pattern.test(sent ?? ''));
const isHttp = ({ cases }: Clue) => cases.some(({ exchanges }) => exchanges.some(({ response }) => response));
const moved = (clue: Clue) => differs('call', clue)?.expected.startsWith('still') === true;
const codeIn = (text: string | undefined) => /\b[a-z]\w*_\w+\b/i.exec(text ?? '')?.[0];

const isJson = ({ exchange }: Clue) => /^\s*[[{]/.test(exchange.response?.body.text ?? '');
const alike = (expected: string, actual: string) => expected.toLowerCase().includes(actual.toLowerCase());

/** Returns true if two parts of a request have one name, but for capital and small letters. */
function isSameButForCase(one: RequestDifference, other: RequestDifference): boolean {
  return one.part !== other.part && one.part.toLowerCase() === other.part.toLowerCase();
}

/** Returns true if one or two letters of a code are left out of the other. */
function isMisspelt(one: string, other: string): boolean {
  const [short, long] = [one, other].toSorted((left, right) => left.length - right.length) as [string, string];
  let found = 0;
  for (const letter of long) if (letter === short[found]) found++;
  return found === short.length && [1, 2].includes(long.length - short.length);
}

/** Hints with the clues that they fit. The first that fits is shown. Hints are guesses, and say so. */
const hints: Readonly<Record<string, (clue: Clue) => boolean>> = {
  'Perhaps the server waits for something, a body for example, or answers more slowly than --timeout says.': ({
    exchange,
  }) => exchange.failure?.kind === 'time-out',
  'Other requests were answered in HTTP: perhaps bytes of an earlier answer were left over on the connection, because its Content-Length counts characters, or because it must not have a body.':
    (clue) => clue.exchange.failure?.kind === 'malformed' && isHttp(clue),
  'Perhaps the port speaks HTTPS: begin the URL with https://.': ({ exchange }) =>
    exchange.failure?.kind === 'malformed',
  'Perhaps the server crashed while it answered, or an exception closed the connection: see its log.': ({ exchange }) =>
    exchange.failure?.kind === 'closed',
  'The path has two slashes, as the link that it was taken from: write one in the link, or serve both.': (clue) =>
    status(clue) === 404 && clue.exchange.request.path.includes('//'),
  'Perhaps the User of the path is not compared with the User of the token.': (clue) =>
    accepted(clue) && isCase(/^(?:reading\/)?identity\/(?:other-user|foreign-call|other-token)/)(clue),
  'Perhaps the pattern is tested with $, which in many languages matches before a newline at the end: use \\z, or match the whole text.':
    (clue) => accepted(clue) && sends(/\\n"$/)(clue),
  'Perhaps \\d is used, which in many languages takes the digits of every script: use [0-9].': (clue) =>
    accepted(clue) && sends(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/)(clue),
  'Perhaps the value is trimmed before it is checked.': (clue) => accepted(clue) && sends(/^"\s|\s"$/)(clue),
  'Perhaps the names of members are compared without regard to case, as in encoding/json of Go: they are other names.':
    (clue) =>
      accepted(clue) && clue.differences.some((one, _, all) => all.some((other) => isSameButForCase(one, other))),
  'Perhaps the property is not required, or has a default.': (clue) =>
    accepted(clue) && clue.differences.some(({ part, sent }) => part.startsWith('body/') && sent === undefined),
  'Perhaps a null or empty value is treated as one that was not sent, and is not checked.': (clue) =>
    accepted(clue) && sends(/^(?:null|"")$/)(clue),
  'Perhaps the value is turned into a string before it is checked: its type has to be checked first.': (clue) =>
    accepted(clue) && clue.differences.some(({ part, sent }) => part.startsWith('body/') && /^[^"]/.test(sent ?? '')),
  'Perhaps the token is not checked at all, or only whether there is one.': (clue) =>
    accepted(clue) && clue.differences.some(({ part }) => part === 'header authorization'),
  'Perhaps it is looked up by a pattern, such as LIKE of SQL, in which this character stands for any other.': (clue) =>
    accepted(clue) && isCase(/(?:underscore|percent|dot)-for-last$/)(clue),
  'Perhaps it is read as a number (parseInt, int, float): it is a text, to be compared as a whole.': (clue) =>
    accepted(clue) && isCase(/\/(?:letters-after|fraction|leading-zeros|minus-sign|exponent|plus-start)$/)(clue),
  'Perhaps it is cut to a length, such as that of a column, before it is compared.': (clue) =>
    accepted(clue) && isCase(/\/(?:longer|long|too-long)$/)(clue),
  'Perhaps this part of the path is ignored, or its pattern is not tested against the whole text.': (clue) =>
    accepted(clue) && clue.differences.some(({ part }) => part === 'path'),
  'Perhaps the pattern is not tested against the whole text: it needs an anchor at both ends.': (clue) =>
    accepted(clue) && clue.differences.some(({ part }) => part.startsWith('body/')),
  'The body begins with a byte order mark (\\ufeff), which JSON must not have (RFC 8259, section 8.1): write it without.':
    ({ exchange }) => exchange.response?.body.text.startsWith('\ufeff') === true,
  'HTML instead of JSON: perhaps the error page of a framework, or of a proxy before it.': ({ exchange }) =>
    /^\s*<(?:!doctype|html)/i.test(exchange.response?.body.text ?? ''),
  'Redirects are not followed: perhaps https:// or another path has to be named in the URL.': ({ exchange }) =>
    [301, 302, 303, 307, 308].includes(exchange.response?.status ?? 0),
  'Perhaps a proxy answered because the server behind it did not.': (clue) => [502, 503, 504].includes(status(clue)),
  'Status 501 says that the server does not support what was asked: perhaps it is not implemented yet, or mistaken for another operation.':
    (clue) => status(clue) === 501 && differs('status', clue) !== undefined,
  'Perhaps an exception that nothing catches, or a wrong status: see the log of the server.': (clue) =>
    status(clue) >= 500 && differs('status', clue) !== undefined,
  'The server limits how much is sent: try --concurrency 1.': (clue) => status(clue) === 429,
  'The code is right, only the status is not: perhaps the framework answers failed validation with a status of its own.':
    (clue) => {
      const { expected, actual } = differs('status', clue) ?? {};
      return codeIn(expected) !== undefined && codeIn(expected) === codeIn(actual);
    },
  'Perhaps the token is not the right one, or has expired: see CONFORMANCE_TOKEN.': (clue) =>
    status(clue) === 401 && differs('status', clue) !== undefined && !clue.cases.some((one) => one.accepted),
  'The body is empty: perhaps the status is set, and nothing is written.': ({ violations, exchange: { response } }) =>
    violations.some(({ at }) => at === 'body' || at.startsWith('header content-type')) && response?.body.length === 0,
  'There is a code, but elsewhere: it belongs into {"error": {"code": …, "message": …}}.': (clue) =>
    differs('/error', clue) !== undefined && /"code"/.test(clue.exchange.response?.body.text ?? ''),
  'The body is JSON, only the header declares something else, or nothing.': (clue) =>
    differs('header content-type', clue) !== undefined && isJson(clue),
  'The code is in the body, but elsewhere: it belongs into {"error": {"code": …, "message": …}}.': (clue) => {
    const code = codeIn(differs('/error/code', clue)?.expected ?? differs('status', clue)?.expected);
    const text = clue.exchange.response?.body.text ?? '';
    return code !== undefined && text.includes(`"${code}"`) && readErrorCode(parseIfJson(text)) !== code;
  },
  'A body that is too large may also be refused with 413, and any code.': (clue) =>
    status(clue) === 400 && (clue.exchange.request.body?.length ?? 0) > 65_536,
  'Only the spelling differs: copy the code from the contract.': (clue) => {
    const [expected, actual] = [differs('/error/code', clue)?.expected, differs('/error/code', clue)?.actual].map(
      codeIn,
    );
    return expected !== undefined && actual !== undefined && isMisspelt(expected, actual);
  },
  'Only capital and small letters differ.': (clue) => {
    const { expected = '', actual = '' } = differs('/error/code', clue) ?? {};
    return codeIn(actual) !== undefined && !expected.includes(actual) && alike(expected, actual);
  },
  'The code does not go with the status: perhaps the status is the wrong one of the two.': (clue) =>
    status(clue) >= 500 && differs('/error/code', clue) !== undefined,
  'It is refused, but for another reason: perhaps another part of the request is checked first, or is blamed by mistake.':
    (clue) => codeIn(differs('/error/code', clue)?.actual) !== undefined,
  'Perhaps the transfer is accepted and not carried out, or takes longer than --effect-timeout says.': (clue) =>
    differs('call', clue)?.expected.includes('on the call') === true,
  'A reading moves nothing: perhaps a request of another case moved the call, or its transfer took effect late.': (
    clue,
  ) => moved(clue) && clue.exchange.request.method === 'GET',
  'Perhaps the call is moved before the authorization of the request is checked.': (clue) =>
    moved(clue) && (status(clue) === 401 || clue.differences.some(({ part }) => part === 'header authorization')),
  'The request was valid, and was carried out: perhaps an exception came after the move, or something in between sent it twice.':
    (clue) => moved(clue) && isCase(/^(?:transfer\/(?!.*-not-on-the-call$)|notation\/)/)(clue),
  'Perhaps the call is moved before the request is checked as a whole.': moved,
  'Perhaps it is written as a number where it must be a string.': ({ violations }) =>
    violations.some(({ expected, actual }) => /string/.test(expected) && /^[\d-]/.test(actual)),
  'Perhaps members without a value are written as null, and should be left out.': ({ violations }) =>
    violations.some(({ actual }) => actual === 'null'),
};

/** Returns the one cause that kept a whole run from proving anything, if there is one, and what to look at. */
export function findOverallCause(report: Report): string | undefined {
  const { verdict, cases } = report;
  if (verdict === 'conforming' || !cases.some(isUnexpected)) return undefined;
  return findSameAnswer(report) ?? findRefusedControl(report) ?? findFailures(report) ?? findChangedCall(report);
}

/** Looks for a failure that comes now and then, to valid and to invalid requests alike: none of them is the cause. */
function findFailures({ cases }: Report): string | undefined {
  const answers = cases.flatMap(({ exchanges }) => exchanges.flatMap(({ response }) => response?.status ?? []));
  const failed = Object.entries(countEach(answers.filter((code) => code >= 500 && code !== 501).map(String)));
  const [code, count = 0] = failed.toSorted(([, one = 0], [, other = 0]) => other - one)[0] ?? [];
  const isHit = (wanted: RegExp) =>
    cases.some(({ checks }) =>
      checks.some(({ violations }) =>
        violations.some(
          ({ at, expected, actual }) => at === 'status' && wanted.test(expected) && actual.startsWith(`${code}`),
        ),
      ),
    );
  if (code === undefined || count * 10 > answers.length || !isHit(/^2/) || !isHit(/^4/)) return undefined;
  return `${count} of ${answers.length} requests were answered ${code}, valid and invalid ones alike: something fails now and then, perhaps a proxy or a server behind it. Look there first: what was sent is not the cause.`;
}

/** From this number of valid transfers on that are refused alike, the call is the cause rather than each of them. */
const refusedOfCommonCause = 4;

/** Looks for an answer that refuses many valid transfers, though others were accepted: transfers change the call. */
function findChangedCall({ cases, settings }: Report): string | undefined {
  const isTransfer = ({ request }: Exchange) => request.method === 'PUT';
  const refused = cases.flatMap(({ checks, exchanges }) => {
    const violation = checks
      .flatMap(({ violations }) => violations)
      .find(({ at, expected, actual }) => at === 'status' && expected.startsWith('2') && actual.startsWith('4'));
    const exchange = violation && exchanges[violation.exchange ?? 0];
    return exchange !== undefined && isTransfer(exchange) ? [violation?.actual ?? ''] : [];
  });
  const isAccepted = cases.some(({ accepted, control, exchanges }) => {
    return accepted && control === undefined && exchanges.some(isTransfer);
  });
  const alike = Object.entries(countEach(refused)).toSorted(([, one = 0], [, other = 0]) => other - one);
  const [answer, count = 0] = alike[0] ?? [];
  if (!isAccepted || count < refusedOfCommonCause) return undefined;
  const advice =
    settings.calls === undefined
      ? 'Give each case a call that was not transferred yet with --calls, or name parties that the call keeps with --from and --number.'
      : 'Look there first.';
  return `${count} valid transfers were answered ${answer}, after another was accepted: perhaps the first transfer changed the call. ${advice}`;
}

/** The questions to ask where a valid transfer has an answer: a status, or how the connection failed. */
const causes: readonly (readonly [answer: RegExp, ask: string])[] = [
  [/^401/, 'is CONFORMANCE_TOKEN right, and not expired?'],
  [/^403/, 'may the user of CONFORMANCE_TOKEN transfer this call?'],
  [/^404 /, 'do --user, --extension and --call name a live call?'],
  [/^(?:404|405|501)/, 'is the path of the URL right? Requests go to URL/uapi/phoneCalls/…'],
  [/^415/, 'does it take JSON?'],
  [/^429/, 'it limits how much is sent: try --concurrency 1.'],
  [/^3/, 'redirects are not followed: does the URL begin with the right scheme, host and path?'],
  [/^5/, 'is it a proxy without a server behind it, or an exception? See its log.'],
  [/^time-out/, 'is the server stuck, or slower than --timeout allows?'],
  [/^malformed/, 'does the port speak HTTP? It may be https:// that has to be named.'],
  [/^closed/, 'did the server crash, or does it speak HTTPS only? See its log.'],
];

function findSameAnswer({ cases, target }: Report): string | undefined {
  const answers = new Set(cases.flatMap((result) => result.answers));
  const statuses = new Set([...answers].map((answer) => answer.split(' ')[0] ?? ''));
  if (statuses.size !== 1) return undefined;
  const [status = ''] = statuses;
  const ask = askAbout(answers.size === 1 ? ([...answers][0] ?? '') : status, target.name);
  return ask && `Every request was answered ${describeAnswer(status)}: ${ask}`;
}

/** Looks for a transfer that was refused though it is the control of others. A target need not let calls be read. */
function findRefusedControl({ cases, target }: Report): string | undefined {
  const ids = new Set(cases.map(({ control }) => control));
  const control = cases.find(({ id, accepted, answers, exchanges }) => {
    return ids.has(id) && !accepted && answers.length > 0 && exchanges.every(({ request }) => request.method !== 'GET');
  });
  if (control === undefined) return undefined;
  const answer = control.answers.join(', ');
  if (control.verdict === 'unreached')
    return `A valid transfer, ${control.id}, was answered ${answer}: ${control.reason}.`;
  const ask = askAbout(answer, target.name) ?? 'begin with that; without it refusals prove nothing.';
  return `A valid transfer, ${control.id}, was answered ${describeAnswer(answer)}: ${ask}`;
}

function askAbout(answer: string, url: string): string | undefined {
  return causes.find(([pattern]) => pattern.test(answer))?.[1].replace('URL/', `${url}/`);
}

function describeAnswer(answer: string): string {
  return /^\d/.test(answer) ? answer : `with no complete response (${answer})`;
}

/** Tells whether a status was not the expected one, or an answer made a case pointless. */
function isUnexpected({ verdict, answers, checks }: CaseResult): boolean {
  if (verdict === 'unreached') return answers.length > 0;
  return checks.some(({ violations }) => violations.some(({ at }) => at === 'status' || at === 'message'));
}
