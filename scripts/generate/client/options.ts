import type { OperationName } from './answer.ts';
import type { Problem } from './errors.ts';

/**
 * Gives the token of a request. It is asked before each request; if the server refuses the token it is asked once more,
 * with the token that was refused, and if it gives another one the request is sent again.
 */
export type TokenSource = (refused?: string) => string | Promise<string>;

/** What holds requests and answers against the contract; `transfer-contract/validators` is one. */
export interface Validation {
  /** What is wrong with the path and the body of a request. */
  requestProblems(
    operation: OperationName,
    request: { readonly path: unknown; readonly body?: unknown },
  ): readonly Problem[];
  /** What is wrong with the body of an answer that has a documented status. */
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
