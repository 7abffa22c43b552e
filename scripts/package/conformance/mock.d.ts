/** How a mock is started. */
export interface MockOptions {
  /** 127.0.0.1 if left out. */
  readonly host?: string;
  /** 0, which is any free one, if left out. */
  readonly port?: number;
  /** The only tokens that are accepted; any if left out, but those that the contract refuses. */
  readonly tokens?: readonly string[] | undefined;
  /** Further calls, clones of the first one of the contract's examples: their ids, or how many. */
  readonly extraCalls?: number | readonly string[];
  /** Is given one line for each request. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A mock that runs. */
export interface Mock {
  /** The base URL of clients. */
  readonly url: string;
  /** Stops listening and destroys every open socket. */
  close(): Promise<void>;
}

/**
 * Starts a server that keeps to the contract, with the calls of its examples.
 *
 * @example
 * const mock = await startMock();
 * const client = createTransferClient({ baseUrl: mock.url, token: 'token' });
 */
export declare function startMock(options?: MockOptions): Promise<Mock>;
