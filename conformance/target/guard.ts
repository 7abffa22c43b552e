import { pathValues } from '../contract/path-segment.ts';
import type { SentRequest } from './exchange.ts';
import { isBlankSegment, occurrencesOfMember, readingsOfMember, readingsOfSegment } from './lenient-parse.ts';

/** The limits of what may be sent to a target. */
export interface Permission {
  /** The path of the target's base URL. */
  readonly basePath: string;
  /** The numbers that a call may be sent to. */
  readonly sendTo: readonly string[];
  /** Tells whether a server would accept a value as a number to send a call to. */
  readonly isNumber: (value: unknown) => boolean;
  /** The header and query parameters that the contract has, by name. */
  readonly parameters?: readonly string[];
  /** The operations of the contract that are not about the transfer of calls. Where telephones ring, they are only read. */
  readonly operations?: readonly { readonly method: string; readonly path: string }[];
  /** The members of a body that the contract has, by name. */
  readonly members?: readonly string[];
  /** True if all calls of the extension may be moved at once. */
  readonly bulk: boolean;
  /** True if the target is on this machine, where telephones do not ring. */
  readonly loopback: boolean;
}

/** A request that could do more than the suite is allowed to. */
export class ForbiddenRequest extends Error {
  override name = 'ForbiddenRequest';
}

const root = '/uapi/phoneCalls/';

/** An encoded fragment behind the id of a call, or a segment that no operation has. */
const surplus = /(?<=^[^/]+\/[^/]+\/[0-9A-Za-z]+)(?:%23x|\/x0)$/;

/** Others could name another method or path, or tell the server to take the body for two requests. */
const harmlessHeaders: readonly string[] = ['accept', 'accept-encoding', 'authorization', 'content-type'];

/** Fields about the message, the connection or the client, with the only values that are sent. */
const harmlessFraming: Readonly<Record<string, string>> = {
  'transfer-encoding': 'chunked',
  connection: 'close',
  'x-forwarded-for': '127.0.0.1',
  'x-real-ip': '127.0.0.1',
  'x-requested-with': 'XMLHttpRequest',
  origin: 'http://localhost',
};

/**
 * Refuses what could move more than the one call of the fixture, or send it somewhere else.
 *
 * @throws ForbiddenRequest that says what was about to be sent.
 */
export function assertHarmless(request: SentRequest, permission: Permission): void {
  const problem =
    methodProblem(request, permission) ??
    headerProblem(request, permission) ??
    pathProblem(request, permission) ??
    numberProblem(request, permission);
  if (problem !== undefined) {
    throw new ForbiddenRequest(`The suite was about to send ${request.method} ${request.path}, ${problem}.`);
  }
}

function methodProblem({ method }: SentRequest, { loopback, operations = [] }: Permission): string | undefined {
  const isKnown = loopback && operations.some((operation) => operation.method === method);
  return isKnown || method === 'GET' || method === 'PUT' ? undefined : 'a method that the contract does not have';
}

/**
 * Matches names of headers and query parameters that servers, proxies and frameworks read as another method, path, host
 * or framing, even if a contract has such a parameter.
 */
export const neverHarmless = new RegExp(
  [
    '^(?:connection|keep-alive|te|trailer|upgrade.*|expect|http2-settings|proxy-.*)$',
    'method|overrid|forward|rewrit|original|envoy|middleware|accel|sendfile|content-length|-encoding',
    '(?<![a-z])(?:host|ur[il]|path)',
  ].join('|'),
  'i',
);

function headerProblem({ headers }: SentRequest, { parameters = [] }: Permission): string | undefined {
  const isParameter = (name: string): boolean =>
    !neverHarmless.test(name) && parameters.some((parameter) => parameter.toLowerCase() === name.toLowerCase());
  const other = Object.keys(headers).find(
    (name) =>
      !harmlessHeaders.includes(name.toLowerCase()) && harmlessFraming[name] !== headers[name] && !isParameter(name),
  );
  return other === undefined ? undefined : `with the header ${other}, which could make another request of it`;
}

function pathProblem(
  request: SentRequest,
  { basePath, bulk, loopback, operations = [], parameters = [], members = [], sendTo }: Permission,
): string | undefined {
  const [path = '', query] = request.path.split(/\?(.*)/s);
  const pairs = query === undefined ? [] : query.split('&').map((pair) => pair.split(/=(.*)/s));
  const isKnown = ([name = '', value = '']: readonly string[]): boolean =>
    !neverHarmless.test(name) &&
    (parameters.map(encodeURIComponent).includes(name) ||
      // No server is known to take a token for anything else (RFC 6750 section 2.3).
      name === 'access_token' ||
      // A server that takes members from the query still reaches numbers of the fixture only.
      (members.includes(name) && (name !== 'sendCallTo' || sendTo.map(encodeURIComponent).includes(value))));
  if (!pairs.every(isKnown) || /[^!-~]|[?#\\]/.test(query ?? '')) return 'with a query that the contract does not have';
  const own = path.slice(basePath.length + 1).split('/');
  const isOther = operations.some(
    (other) =>
      other.method === request.method &&
      // A path that is more general than that of a transfer is none of another operation.
      (other.path.startsWith(root) || !path.startsWith(`${basePath}${root}`)) &&
      pathValues(other.path, own),
  );
  if (isOther && path.startsWith(`${basePath}/`) && (loopback || request.method === 'GET'))
    return /[^!-~]|[?#\\]/.test(path) || own.some((segment) => collapses(segment))
      ? 'with a path that collapses'
      : undefined;
  // A link may have its slash twice, as that of the documentation has: reading it moves nothing.
  const start =
    request.method === 'GET' && path.startsWith(`${basePath}/${root}`) ? `${basePath}/${root}` : `${basePath}${root}`;
  if (!path.startsWith(start) || /[^!-~]|[?#\\]/.test(path)) return 'which is no path of the contract';
  // A server that cuts it off still has the id of the call.
  const segments = path.slice(start.length).replace(/\/$/, '').replace(surplus, '').split('/');
  if (segments.some((segment) => collapses(segment))) return 'with a path segment that collapses';
  if (!loopback && isBlankSegment(segments.at(-1) ?? '')) return 'with a blank at its end, which may move every call';
  if (segments.length === 2) return bulk ? undefined : 'which moves every call of the extension';
  return segments.length === 3 ? undefined : 'which is no path of the contract';
}

/** Segments and whether they collapse: the same ones come again and again. */
const known = new Map<string, boolean>();

function collapses(segment: string): boolean {
  const answer = known.get(segment) ?? mayCollapse(segment);
  if (known.size >= 1000) known.clear();
  known.set(segment, answer);
  return answer;
}

/** Tells whether a server could take a segment for an empty one, for several, or for a step in the path. */
function mayCollapse(segment: string): boolean {
  return readingsOfSegment(segment).some((reading) => {
    // What reads URLs as browsers do, drops these wherever they stand.
    const kept = reading.replaceAll(/[\t\r\n]/g, '');
    return kept === '' || /^\.{1,2}$/.test(kept.trim()) || /[/\\?#\0]/.test(kept);
  });
}

function numberProblem({ method, body }: SentRequest, { sendTo, isNumber }: Permission): string | undefined {
  if (method === 'GET' || body === undefined) return undefined;
  if (occurrencesOfMember(body, 'sendCallTo') > 1) return 'which names sendCallTo more than once';
  const value = readingsOfMember(body, 'sendCallTo').find((reading) => !sendTo.includes(reading) && isNumber(reading));
  return value === undefined ? undefined : `whose sendCallTo ${value} is no number of the fixture`;
}
