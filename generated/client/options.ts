// Copied from scripts/generate/client/options.ts; change it there.
import { InvalidOptionError, type Problem } from './errors.ts';
import type { OperationName } from './operation.ts';
import { checkToken, type FetchedResponse, type TokenSource } from './tokens.ts';

/** Compares requests and answers with the contract; `transfer-contract/validators` is one. */
export interface Validation {
  /** Returns what is wrong with the parameters and the body of a request. */
  requestProblems(
    operation: OperationName,
    request: {
      readonly path: unknown;
      readonly query?: unknown;
      readonly headers?: unknown;
      readonly body?: unknown;
    },
  ): readonly Problem[];
  /** Returns what is wrong with the body of an answer that has a documented status. */
  answerProblems(operation: OperationName, status: number, body: unknown): readonly Problem[];
}

/** The settings that go to `fetch` with the URL. */
export interface RequestSettings {
  readonly method: string;
  /** Headers, with a type that a `fetch` which does not know the platform's, as undici's, takes too. */
  readonly headers: Headers & Record<string, string>;
  readonly body?: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/**
 * Sends requests in place of the platform's `fetch`. The first argument is a `Request`, and turns into its URL where
 * text is needed, so that a `fetch` which does not know the platform's `Request`, as undici's, takes it too; the second
 * one has all settings again. The signature of `fetch` itself fits.
 */
export type TransferFetch = (request: string & Request, settings: RequestSettings) => Promise<FetchedResponse>;

/** A request that is about to be sent. */
export interface OutgoingRequest {
  /** The operation of the contract. */
  readonly operation: OperationName;
  /** The whole address. */
  readonly url: string;
  /** The settings for `fetch`: headers can be changed, and further members of its `RequestInit` added. */
  readonly settings: RequestSettings & { [member: string]: unknown };
}

/** Names of headers with their values: an object, `Headers`, or pairs. */
export type HeaderValues = Readonly<Record<string, string>> | Iterable<readonly [name: string, value: string]>;

/** The options of a client: where requests go and how they are sent. */
export interface TransferClientOptions {
  /**
   * The address of the installation, with a path if the API is mounted below one: `https://pbx.example.com`.
   * One that ends in `/uapi/` or `/unifiedapi/` is that of the API itself. A page may leave out its own origin: `/pbx`.
   */
  readonly baseUrl: string | URL;
  /** An OAuth 2.0 access token, or what gives one. */
  readonly token: string | TokenSource;
  /** Sends requests in place of the platform's `fetch`. */
  readonly fetch?: TransferFetch | undefined;
  /** Further members of the `RequestInit` of every request: `dispatcher`, `credentials`, `cache`, `next` and others. */
  readonly requestInit?: Readonly<Record<string, unknown>> | undefined;
  /** Further headers of every request. Authorization and Content-Type are set by the client. */
  readonly headers?: HeaderValues | undefined;
  /** Is called with every request before it is sent, those that are sent again included. */
  readonly onRequest?: ((request: OutgoingRequest) => unknown) | undefined;
  /** Is called with every response before its body is read. To read it, take `response.clone()`. */
  readonly onResponse?: ((response: Response, request: OutgoingRequest) => unknown) | undefined;
  /**
   * The milliseconds that a try may take, from asking for the token to the last byte of the answer.
   * 10 000 if left out; false for no limit.
   */
  readonly timeout?: number | false | undefined;
  /**
   * The number of times that the reading of a call is repeated if no answer came, or 408, 429 or one of a gateway; 2 if left out.
   * A `Retry-After` of up to a minute is heeded; a longer one ends the repetition.
   * A transfer is never repeated for that: the first one may have moved the call.
   */
  readonly retry?: number | undefined;
  /** Refuses requests that break the contract, before they are sent, and answers that do. Left out, bodies are trusted. */
  readonly validation?: Validation | undefined;
}

/** The options of a single request. */
export interface RequestOptions {
  /** Ends the request, the wait for its token included; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Takes the place of the client's `timeout`. */
  readonly timeout?: number | false | undefined;
  /** Further headers of this request. */
  readonly headers?: HeaderValues | undefined;
}

/**
 * Returns the address that the paths of operations are appended to.
 *
 * @throws InvalidOptionError that does not repeat a password.
 */
export function readBaseUrl(given: string | URL): string {
  const refuse = (reason: string): never => {
    throw new InvalidOptionError('baseUrl', `must be an address like https://pbx.example.com, but ${reason}`);
  };
  const text = String(given);
  const page = (globalThis as { location?: { href: string } }).location?.href;
  const isOfPage = page !== undefined && /^(\/|$)/.test(text);
  if (!isOfPage && !/^https?:\/\//i.test(text)) refuse(`has no http:// or https:// in front: ${JSON.stringify(text)}`);
  let url: URL | undefined;
  try {
    url = new URL(text === '' ? '/' : text, isOfPage ? page : undefined);
  } catch {
    return refuse(`is no URL: ${JSON.stringify(text)}`);
  }
  if (url.username !== '' || url.password !== '') refuse('has a user name or a password, which fetch does not send');
  if (/[?#]/.test(text)) refuse(`has a query or a fragment, which cannot stand before a path: ${JSON.stringify(text)}`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Appends the path of an operation. The vendor calls the address with `/uapi/`, in old installations `/unifiedapi/`, the base URL. */
export function appendPath(baseUrl: string, path: string): string {
  return baseUrl + (/\/(?:uapi|unifiedapi)$/.test(baseUrl) ? path.slice(path.indexOf('/', 1)) : path);
}

/** Returns a time limit in milliseconds, or false for none. */
export function readTimeout(timeout: number | false = 10_000): number | false {
  if (timeout === false || timeout === Infinity) return false;
  if (timeout > 0) return timeout;
  throw new InvalidOptionError('timeout', `must be milliseconds above 0, or false for no limit, but is ${timeout}`);
}

/** Returns the values of headers by their names. */
export function readHeaders(headers: HeaderValues = {}): Readonly<Record<string, string>> {
  return Symbol.iterator in headers ? Object.fromEntries(headers) : headers;
}

/** Checks what a client cannot work without, and returns the options with what their defaults are. */
export function readOptions(options: TransferClientOptions) {
  const { baseUrl, token, timeout, retry = 2, requestInit = {} } = options;
  if (typeof token !== 'function') checkToken(token);
  if (!(retry >= 0)) throw new InvalidOptionError('retry', `must be a number of repetitions, but is ${retry}`);
  for (const member of ['method', 'body', 'headers', 'redirect', 'signal']) {
    if (member in requestInit) {
      throw new InvalidOptionError(
        'requestInit',
        `cannot have ${member}, which the client sets; headers are an option`,
      );
    }
  }
  const headers = readHeaders(options.headers);
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      throw new InvalidOptionError(
        'headers',
        `cannot have ${JSON.stringify(name)} with this value, which no request can carry`,
      );
    }
  }
  return { ...options, headers, retry, baseUrl: readBaseUrl(baseUrl), timeout: readTimeout(timeout) };
}
