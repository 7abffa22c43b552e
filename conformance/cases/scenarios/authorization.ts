import { findRefusal, type Refusal } from '../../contract/refusal.ts';
import { firstHalf } from '../../target/redaction.ts';
import type { Feature } from '../case.ts';
import { bearer, bodyObject, type RequestPlan } from '../plan.ts';
import { unreadableRefusal, type RefusedRow, type Suite } from '../suite.ts';

interface Credentials {
  readonly requirement: string;
  readonly needs?: readonly Feature[];
  readonly header: (token: string) => string | undefined;
  /** Other fields by which a server may trust a request. */
  readonly headers?: Readonly<Record<string, string>>;
}

const missing = 'authorization/token-missing';
const malformed = 'authorization/token-malformed';
const invalid = 'authorization/token-invalid';

/** Headers that do not authorize a transfer. */
const credentials: Readonly<Record<string, Credentials>> = {
  none: { requirement: missing, header: () => undefined },
  'none-as-from-the-same-machine': {
    requirement: missing,
    header: () => undefined,
    headers: {
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-requested-with': 'XMLHttpRequest',
      origin: 'http://localhost',
    },
  },
  empty: { requirement: missing, header: () => '' },
  'scheme-only': { requirement: malformed, header: () => 'Bearer' },
  'blank-token': { requirement: malformed, header: () => 'Bearer  ' },
  'basic-scheme': {
    requirement: malformed,
    header: () => `Basic ${Buffer.from('user:password').toString('base64')}`,
  },
  'digest-scheme': { requirement: malformed, header: () => 'Digest username="user", response="0"' },
  'token-under-basic-scheme': { requirement: malformed, header: (token) => `Basic ${token}` },
  'token-under-unknown-scheme': { requirement: malformed, header: (token) => `Token ${token}` },
  // As many letters as in Bearer, which some servers cut off unseen.
  'token-under-digest-scheme': { requirement: malformed, header: (token) => `Digest ${token}` },
  'token-without-scheme': { requirement: malformed, header: (token) => token },
  'scheme-joined-to-token': { requirement: malformed, header: (token) => `Bearer${token}` },
  'token-cut-short': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(cutShort(token)),
  },
  'token-in-another-case': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(inOtherCase(token)),
  },
  // A server may compare lengths, or all but the last character.
  'token-with-another-end': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(token.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'))),
  },
  'token-with-something-after-it': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(`${token}x0`),
  },
  'token-with-a-dot-after-it': {
    requirement: invalid,
    needs: ['named token'],
    header: (token) => bearer(`${token}.x0`),
  },
  'token-with-a-list-after-it': {
    requirement: malformed,
    needs: ['named token'],
    header: (token) => bearer(`${token},x0`),
  },
  'token-in-quotes': { requirement: malformed, needs: ['named token'], header: (token) => bearer(`"${token}"`) },
  'token-with-padding': { requirement: invalid, needs: ['named token'], header: (token) => bearer(`${token}==`) },
  'token-percent-encoded': {
    requirement: malformed,
    needs: ['named token'],
    header: (token) => bearer(token.replace(/^./, (first) => `%${first.charCodeAt(0).toString(16)}`)),
  },
  // As long as a JSON Web Token, with which a token service may fail.
  'long-token': {
    requirement: invalid,
    needs: ['named token'],
    header: () => bearer(`eyJhbGciOiJub25lIn0.${'x0'.repeat(60)}.`),
  },
  'word-after-token': { requirement: malformed, needs: ['named token'], header: (token) => bearer(`${token} x0`) },
  'word-before-token': { requirement: malformed, needs: ['named token'], header: (token) => bearer(`x0 ${token}`) },
  // Objects of JavaScript have such a member, whatever tokens are kept in them.
  'token-named-constructor': { requirement: invalid, needs: ['named token'], header: () => bearer('constructor') },
};

/** Returns the first half of a token, or an empty text for a single character: no server issues such a token. */
function cutShort(token: string): string {
  return firstHalf(token).slice(0, token.length - 1);
}

/** Returns a token with its letters in the other case, or with one more if it has none: tokens are compared exactly. */
function inOtherCase(token: string): string {
  const swapped = token.replace(/[a-z]/gi, (letter) => {
    return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  });
  return swapped === token ? `${token}A` : swapped;
}

/** A malformed request (RFC 6750 section 3.1). */
const badRequest = { statuses: ['400'], code: undefined };

/** Tells whether a header has the scheme of bearer tokens and no token. */
function isMalformedBearer(requirement: string, header: Credentials['header']): boolean {
  return requirement === malformed && /^Bearer(?: |$)/.test(header('x') ?? '');
}

/** Rows without a token that are unusual in another way, which a server may refuse first. */
function unusualRows(suite: Suite, refusal: Refusal): RefusedRow[] {
  const row = (name: string, other: Refusal, changes: (control: RequestPlan) => Partial<RequestPlan>) => ({
    id: `authorization/none-${name}`,
    requirement: missing,
    title: `refuses a request that is not authorized: none ${name.replaceAll('-', ' ')}`,
    breaks: ['authorization'],
    refusals: [refusal],
    otherRefusals: [other],
    change: (control: RequestPlan) => ({ ...control, authorization: () => undefined, ...changes(control) }),
  });
  const inQuery = row('and-a-wrong-one-in-the-query', badRequest, ({ query }) => {
    return { query: { ...query, access_token: 'x0' } };
  });
  if (suite.transfer.body === undefined) return [inQuery];
  const inBody = row('with-an-unusual-body', unreadableRefusal(suite), (control) => ({
    contentType: 'text/plain',
    headers: { ...control.headers, 'transfer-encoding': 'chunked' },
    body: { kind: 'text', text: JSON.stringify(bodyObject(control)).padEnd(4000) },
  }));
  return [inQuery, { ...inBody, breaks: ['authorization', 'media type'] }];
}

/** Returns rows without a valid token: each is refused and moves nothing. */
export function authorizationRows(suite: Suite): RefusedRow[] {
  const scheme = suite.transfer.security[0];
  const refusal = scheme && findRefusal(suite.transfer, scheme);
  if (scheme === undefined || refusal === undefined) throw new Error('The contract binds no refusal to its security.');
  const refusedExamples = scheme.refusedExamples.map((token): [string, Credentials] => {
    return [token, { requirement: invalid, needs: ['named token'], header: () => bearer(token) }];
  });
  const rows = [...Object.entries(credentials), ...refusedExamples].map(([name, { header, headers, ...entry }]) => ({
    ...entry,
    id: `authorization/${name}`,
    title: `refuses a request that is not authorized: ${name.replaceAll('-', ' ')}`,
    breaks: ['authorization'],
    refusals: isMalformedBearer(entry.requirement, header) ? [refusal, badRequest] : [refusal],
    change: (control: RequestPlan) => ({
      ...control,
      authorization: header,
      headers: { ...control.headers, ...headers },
    }),
  }));
  return [...rows, ...unusualRows(suite, refusal)];
}
