/** What a server is asked for; it answers with the requests since it was last asked. */
export type ServerMessage =
  { readonly kind: 'take' } | { readonly kind: 'record' } | { readonly kind: 'write'; readonly file: string };

/** The requests that a server saw, and when: from the first one's arrival until the last answer, in milliseconds. */
export interface ServedRequests {
  readonly requests: number;
  readonly from: number;
  readonly until: number;
}

/** A request as it was sent. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
