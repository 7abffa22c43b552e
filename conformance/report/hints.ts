import type { CaseViolation } from '../run/result.ts';
import type { Exchange } from '../target/exchange.ts';
import type { RequestDifference } from './request-differences.ts';

/** What is known of an answer that was not as expected. */
export interface Clue {
  readonly violations: readonly CaseViolation[];
  readonly exchange: Exchange;
  /** In what the request differs from its control. */
  readonly differences: readonly RequestDifference[];
}

interface Hint {
  fits(clue: Clue): boolean;
  readonly says: string;
}

/** What is perhaps the cause of a violation, as far as it can be recognised. */
export function hintFor(clue: Clue): string | undefined {
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

/** The first that fits is told. They are guesses, and say so. */
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
    says: 'Perhaps a null or empty value is taken for one that was not sent, and is not checked.',
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
