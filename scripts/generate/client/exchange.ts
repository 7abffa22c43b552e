import { defaults, userAgent } from '#generated/client/operations.ts';
import {
  InvalidRequestError,
  NetworkError,
  TimedOutError,
  UnexpectedAnswerError,
  UnsafeParameterError,
} from './errors.ts';
import { pause, readRetryAfter, runWithin } from './limits.ts';
import { readAnswer, type AnswerTo, type Operation, type OperationName } from './operation.ts';
import {
  appendPath,
  readHeaders,
  readOptions,
  readTimeout,
  type OutgoingRequest,
  type RequestOptions,
  type RequestSettings,
  type TransferClientOptions,
  type TransferFetch,
} from './options.ts';
import { shareTokens } from './tokens.ts';

/** Sends one request of an operation and resolves with its answer. */
export type Exchange = <Name extends OperationName>(
  operation: Operation<Name>,
  request: object,
  options: RequestOptions | undefined,
) => Promise<AnswerTo<Name>>;

const firstPause = 200;
const longestPause = 60_000;

/**
 * Printable ASCII without what ends, splits or encodes a segment, since servers decode twice, trim, cut parameters off
 * a segment, or read other scripts' dots and slashes as their own.
 */
const segment = /^(?!\.{1,2}$)(?:(?![%/\\?#;])[!-~])+$/;

/**
 * Makes the function that all operations send their requests with.
 *
 * @throws InvalidOptionError or InvalidTokenError if the options cannot work.
 */
export function createExchange(options: TransferClientOptions): Exchange {
  const settings = readOptions(options);
  const { baseUrl, retry, validation, onRequest, onResponse } = settings;
  const tokens = shareTokens(settings.token);
  const isSeen = onRequest !== undefined || onResponse !== undefined || settings.fetch !== undefined;
  const fetch: TransferFetch = settings.fetch ?? ((url, init) => globalThis.fetch(url, init));

  return async (operation, request, { signal, headers: ownHeaders, timeout: ownTimeout } = {}) => {
    const { name } = operation;
    const timeout = ownTimeout === undefined ? settings.timeout : readTimeout(ownTimeout);
    const parts = sortMembers(operation, request);
    guardPath(parts.path);
    const problems = validation?.requestProblems(name, parts) ?? [];
    if (problems.length > 0) throw new InvalidRequestError(name, problems);
    const described = describeRequest(operation, parts);
    const url = appendPath(baseUrl, described.url);
    let awaited: 'token' | 'answer' = 'token';

    const send = async (token: string, ended: AbortSignal): Promise<Response> => {
      awaited = 'answer';
      const values: Record<string, string> = { ...defaultHeaders };
      for (const given of [settings.headers, readHeaders(ownHeaders), described.headers]) {
        for (const name in given) if (given[name] !== undefined) values[name.toLowerCase()] = String(given[name]);
      }
      values.authorization = `Bearer ${token}`;
      // The headers are seen by hooks and by another fetch only, and making them twice takes time.
      const headers = (isSeen ? new Headers(values) : values) as Headers & typeof values;
      const { method } = operation;
      const { body } = described;
      const fixed = {
        method,
        headers,
        redirect: 'manual',
        signal: ended,
        ...(body !== undefined && { body }),
      } as const;
      const outgoing: OutgoingRequest = { operation: name, url, settings: { ...settings.requestInit, ...fixed } };
      await onRequest?.(outgoing);
      // A hook may add members, but not make another request of it.
      const init = { ...outgoing.settings, ...fixed };
      const sent = settings.fetch === undefined ? url : requestOf(url, init);
      const response = await network(async () => {
        const came = (await fetch(sent as string & Request, init)) as Response | undefined;
        // A double that a test has not prepared gives undefined.
        if (typeof came?.status !== 'number') throw new TypeError('fetch gave no response');
        return came;
      });
      await onResponse?.(response, outgoing);
      return response;
    };
    const network = async <Result>(run: () => Promise<Result>): Promise<Result> => {
      try {
        return await run();
      } catch (cause) {
        throw new NetworkError(name, cause);
      }
    };

    const attempt = async (ended: AbortSignal): Promise<AnswerTo<typeof name>> => {
      awaited = 'token';
      const used = await tokens.use(ended);
      let response = await send(used.token, ended);
      if (operation.tokenRefusals.includes(response.status)) {
        awaited = 'token';
        const renewed = await tokens.renew(used, ended);
        if (renewed !== used.token) {
          response.body?.cancel().catch(() => undefined);
          response = await send(renewed, ended);
        }
      }
      awaited = 'answer';
      const body = parse(await network(() => response.text()));
      const answer = readAnswer(operation, response, body);
      if (typeof answer === 'string') throw new UnexpectedAnswerError(name, { response, body }, answer);
      const found = validation?.answerProblems(name, response.status, body) ?? [];
      if (found.length > 0) throw new UnexpectedAnswerError(name, { response, body, problems: found });
      return answer;
    };

    for (let failures = 0; ; failures += 1) {
      try {
        return await runWithin(attempt, {
          timeout,
          late: (_, reject) => reject(new TimedOutError(name, Number(timeout), awaited)),
          signal,
        });
      } catch (error) {
        const wait = operation.safe && failures < retry ? pauseAfter(error, failures) : undefined;
        if (wait === undefined) throw error;
        await pause(wait, signal);
      }
    }
  };
}

/** Browsers name themselves, and would ask the server of another origin for leave to send this header. */
const isBrowser = (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent?.startsWith('Mozilla');
const defaultHeaders: Readonly<Record<string, string>> = isBrowser ? {} : { 'user-agent': userAgent };

/**
 * Sorts the members of a request to where they travel. A member that the contract does not document goes nowhere, and
 * one that can have a single value has that one: another `action` would do another thing with the call.
 */
function sortMembers(operation: Operation, request: object) {
  // A parameter that is undefined has no default: its caller looked for one, and it would mean another user's calls.
  const given: Readonly<Record<string, unknown>> = { ...defaults, ...request };
  const pick = (names: readonly string[] = []): Record<string, unknown> => {
    const picked: Record<string, unknown> = {};
    for (const name of names) picked[name] = given[name];
    return picked;
  };
  const { path, query, headers, body, constants } = operation;
  return {
    path: pick(path),
    ...(query && { query: pick(query) }),
    ...(headers && { headers: pick(headers) }),
    ...(body && { body: { ...constants, ...pick(body) } }),
  };
}

/**
 * Refuses a path parameter with which the path would collapse into another one: without its phoneCallId, the path of
 * one call is that of all calls of an extension.
 *
 * @throws UnsafeParameterError that names the parameter.
 */
function guardPath(path: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(path)) {
    if (typeof value !== 'string' || !segment.test(value)) throw new UnsafeParameterError(name, value);
  }
}

/** Returns the path, the headers and the body of a request as the generated client describes it. */
function describeRequest({ method, describe, serializeQuery }: Operation, parts: ReturnType<typeof sortMembers>) {
  const client = { [method.toLowerCase()]: (options: unknown) => options };
  const { url, headers, querySerializer } = describe({ client, ...parts } as never) as {
    readonly url: string;
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly querySerializer?: unknown;
  };
  let path = url;
  for (const name in parts.path) path = path.replace(`{${name}}`, encodeURIComponent(String(parts.path[name])));
  const query = serializeQuery?.(querySerializer as never)(parts.query ?? {});
  return { url: query ? `${path}?${query}` : path, headers, body: parts.body && JSON.stringify(parts.body) };
}

/** Makes a request that turns into its URL where it is taken as text. */
function requestOf(url: string, settings: RequestSettings): Request {
  return Object.defineProperty(new Request(url, settings), 'toString', { value: () => url });
}

/**
 * Returns how many milliseconds to wait before a request is repeated, or undefined if it is not to be. Statuses of 500
 * and above that the contract does not have are those of gateways (RFC 9110 section 15.6).
 */
function pauseAfter(error: unknown, failures: number): number | undefined {
  const pauseAtLeast = firstPause * 2 ** failures;
  if (error instanceof NetworkError) return pauseAtLeast;
  if (error instanceof TimedOutError) return error.awaited === 'answer' ? pauseAtLeast : undefined;
  if (!(error instanceof UnexpectedAnswerError) || error.problems.length > 0) return undefined;
  const { status, response } = error;
  if (status < 500 && ![408, 429].includes(status)) return undefined;
  const asked = readRetryAfter(response.headers.get('retry-after'), Date.now()) ?? 0;
  return asked <= longestPause ? Math.max(pauseAtLeast, asked) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
