import { createClient } from '#generated/client/client/client.gen.ts';
import { createConfig } from '#generated/client/client/utils.gen.ts';
import {
  InvalidRequestError,
  NetworkError,
  TimedOutError,
  UnexpectedAnswerError,
  UnsafeParameterError,
  type Problem,
} from './errors.ts';
import { readAnswer, type AnswerTo, type Operation, type OperationName } from './operation.ts';

/**
 * Gives the token of a request. It is asked before each request; if the server refuses the token it is asked once more,
 * with the token that was refused, and if it gives another one the request is sent again.
 */
export type TokenSource = (refused?: string) => string | Promise<string>;

/** Holds requests and answers against the contract; `transfer-contract/validators` is one. */
export interface Validation {
  /** Tells what is wrong with the parameters and the body of a request. */
  requestProblems(
    operation: OperationName,
    request: {
      readonly path: unknown;
      readonly query?: unknown;
      readonly headers?: unknown;
      readonly body?: unknown;
    },
  ): readonly Problem[];
  /** Tells what is wrong with the body of an answer that has a documented status. */
  answerProblems(operation: OperationName, status: number, body: unknown): readonly Problem[];
}

/** Where requests go and how they are sent. */
export interface TransferClientOptions {
  /** The address of the installation, with a path if the API is mounted below one: `https://pbx.example.com`. */
  readonly baseUrl: string;
  /** An OAuth 2.0 access token, or what gives one. */
  readonly token: string | TokenSource;
  /** Sends requests instead of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** How many milliseconds an answer may take, from sending to its last byte; 10 000 if left out. */
  readonly timeout?: number | undefined;
  /**
   * How many times a call is read again if no answer came, or that of a gateway; 2 if left out.
   * A transfer is never sent again for that: the first one may have moved the call.
   */
  readonly retry?: number | undefined;
  /** Refuses requests that break the contract, before they are sent, and answers that do. Left out, bodies are trusted. */
  readonly validation?: Validation | undefined;
}

/** What can be said of a single request. */
export interface RequestOptions {
  /** Ends the request; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What the generated client gives back: text where the status is a success, parsed JSON or text where it is not. */
interface Outcome {
  readonly request?: Request;
  readonly response?: Response;
  readonly data?: unknown;
  readonly error?: unknown;
}

/** Sends one request of an operation and resolves with its answer. */
export type Exchange = <Name extends OperationName>(
  operation: Operation<Name>,
  request: object,
  options: RequestOptions | undefined,
) => Promise<AnswerTo<Name>>;

const firstPause = 200;

/**
 * Printable ASCII without what ends, splits or encodes a segment, since servers decode twice, trim, cut parameters off
 * a segment, or read other scripts' dots and slashes as their own.
 */
const segment = /^(?!\.{1,2}$)(?:(?![%/\\?#;])[!-~])+$/;

/** Makes the function that all operations send their requests with. */
export function createExchange(options: TransferClientOptions): Exchange {
  const { baseUrl, token, fetch, timeout = 10_000, retry = 2, validation } = options;
  // A redirection is outside the contract, and to follow one could transfer a call on another host.
  const sending = { parseAs: 'text', redirect: 'manual', fetch: fetch as typeof globalThis.fetch } as const;
  const client = createClient(createConfig({ baseUrl, ...sending }));

  return async (operation, request, { signal } = {}) => {
    const { name } = operation;
    const parts = partsOf(operation, request);
    guardPath(parts.path);
    const problems = validation?.requestProblems(name, parts) ?? [];
    if (problems.length > 0) throw new InvalidRequestError(name, problems);

    const attempt = async (auth: string): Promise<AnswerTo<typeof name>> => {
      signal?.throwIfAborted();
      const limit = AbortSignal.timeout(timeout);
      const either = signal ? AbortSignal.any([signal, limit]) : limit;
      // A request that has the signal itself passes it on to the one that fetch makes of it, which takes long.
      const how =
        fetch === undefined
          ? { fetch: (sent: Request) => globalThis.fetch(sent, { signal: either }) }
          : { signal: either };
      const outcome: Outcome = await operation.send({ client, auth, ...how, ...parts } as never);
      const { response, data, error } = outcome;
      if (response === undefined || error instanceof Error) {
        signal?.throwIfAborted();
        if (limit.aborted) throw new TimedOutError(name, timeout);
        throw outcome.request === undefined ? error : new NetworkError(name, error);
      }
      const body = typeof data === 'string' ? parsed(data) : error;
      const answer = readAnswer(operation, response, body);
      if (typeof answer === 'string') throw new UnexpectedAnswerError(name, { response, body }, answer);
      const found = validation?.answerProblems(name, response.status, body) ?? [];
      if (found.length > 0) throw new UnexpectedAnswerError(name, { response, body, problems: found });
      return answer;
    };

    const authorized = async (): Promise<AnswerTo<typeof name>> => {
      if (typeof token === 'string') return attempt(token);
      const first = await token();
      const answer = await attempt(first);
      if (!operation.tokenRefusals.includes(answer.status)) return answer;
      const renewed = await token(first);
      return renewed === first ? answer : attempt(renewed);
    };

    for (let failures = 0; ; failures += 1) {
      try {
        return await authorized();
      } catch (error) {
        if (!operation.safe || failures >= retry || !isPassing(error)) throw error;
        await pause(firstPause * 2 ** failures, signal);
      }
    }
  };
}

/**
 * Sorts the members of a request to where they travel. A member that the contract does not document goes nowhere, and
 * one that can have a single value has that one: another `action` would do another thing with the call.
 */
function partsOf(operation: Operation, request: object) {
  const pick = (names: readonly string[] = []): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, (request as Record<string, unknown>)[name]]));
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

/** Statuses of 500 and above that the contract does not have are those of gateways (RFC 9110 section 15.6). */
function isPassing(error: unknown): boolean {
  if (error instanceof UnexpectedAnswerError) return error.status >= 500 && error.problems.length === 0;
  return error instanceof NetworkError || error instanceof TimedOutError;
}

/** Ends early when the signal is aborted; the next attempt then tells so. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
