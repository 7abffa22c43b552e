// The package transfer-conformance has these as they are here, so that they import nothing.

/** The options of a mock. */
export interface MockOptions {
  /** The address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on. Default: 0, any free one. */
  readonly port?: number;
  /** The only accepted tokens. Default: any, except those that the contract refuses. */
  readonly tokens?: readonly string[] | undefined;
  /** Further calls, clones of the first one of the contract's examples: their ids, or how many. */
  readonly extraCalls?: number | readonly string[];
  /** The milliseconds that a client may take to send a request. Default: 10 000. */
  readonly timeout?: number;
  /** Lets pages of other origins use the mock. Default: true. */
  readonly cors?: boolean;
  /** Answers the reading of a call by a list with one entry, as installations do. Default: false, as the page shows. */
  readonly entry?: boolean;
  /** The milliseconds before each answer of an operation. Default: 0. */
  readonly delay?: number;
  /** The share of requests, from 0 to 1, that fail by 429 or 503, with `Retry-After`. Default: 0. */
  readonly fail?: number;
  /** The seconds for which a token is accepted, from its first use on. Default: for ever. */
  readonly expire?: number | undefined;
  /** The number of requests that `requests` keeps, the newest. Default: 1000. */
  readonly keep?: number;
  /** Receives one line for each request. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A live call, with the path parameters that lead to it. */
export interface LiveCall {
  readonly userId: string;
  readonly extension: string;
  readonly phoneCallId: string;
  /** The path at which the call is read. */
  readonly link: string;
  /** The call as a client reads it. A transfer replaces it. */
  readonly phoneCall: { readonly [name: string]: Json };
}

/** A request that came, and its answer. */
export interface MockedRequest {
  readonly time: Date;
  readonly method: string;
  /** The path and the query as they were sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The JSON value, or undefined if there was none. */
  readonly body: Json | undefined;
  /** The id of the operation, or undefined if the contract has none for the request. */
  readonly operation: string | undefined;
  readonly status: number;
  /** The error code of the answer. */
  readonly code: string | undefined;
  /** The reason of a refusal: `sendCallTo "x" must match pattern "…"`. */
  readonly reason: string | undefined;
}

/** An answer in place of the usual one. Members left out are those of the contract's example. */
export interface NextAnswer {
  readonly status?: number;
  /** The name of an example of the contract: `tokenExpired`. */
  readonly example?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, which is sent as JSON; a text is sent as it stands if `content-type` in `headers` is not of JSON. */
  readonly body?: Json;
  /** The milliseconds before the answer. */
  readonly delay?: number;
}

/** A running mock. */
export interface Mock {
  /** The base URL of clients. */
  readonly url: string;
  /** The calls that it knows, as they are now. */
  readonly calls: readonly LiveCall[];
  /** The requests that came since the start or the latest reset, the oldest first. */
  readonly requests: readonly MockedRequest[];
  /**
   * Answers the next requests of operations by these, one each, whatever they are; calls stay where they are.
   *
   * @throws Error if an answer has neither a status nor an example of the contract, or cannot be sent.
   */
  answerNext(...answers: readonly NextAnswer[]): void;
  /** Puts the calls back, and forgets the requests, the answers that are to come, and the age of tokens. */
  reset(): void;
  /** Stops listening and destroys every open socket. */
  close(): Promise<void>;
}
