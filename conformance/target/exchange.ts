import type { JsonValue } from '../contract/json.ts';

/** A request as it goes over the wire. */
export interface SentRequest {
  readonly method: string;
  /** The request target, percent-encoded, with the target's own path before it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A response whose body was read to its end and decoded. */
export interface ReceivedResponse {
  readonly status: number;
  /** Header fields by lower-cased name; repeated fields are joined by a comma, those of cookies by a line feed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReceivedBody;
  /** From sending the request to the end of the body, in milliseconds. */
  readonly duration: number;
}

export interface ReceivedBody {
  /** The length after content decoding, in bytes. */
  readonly length: number;
  readonly text: string;
  /** The value of the body, if it is JSON in UTF-8 of bounded depth. */
  readonly json: { readonly value: JsonValue } | undefined;
  /** The reason why the body is not JSON, for an implementer to read. Undefined if it is. */
  readonly problem: string | undefined;
}

export type FailureKind =
  | 'connection' // none could be made
  | 'closed' // closed before the message was complete
  | 'time-out'
  | 'malformed' // no HTTP
  | 'too large'
  | 'encoding'; // content that is not encoded as declared

/** The cause for which a request has no complete response. */
export interface TransportFailure {
  readonly kind: FailureKind;
  readonly message: string;
}

/** A request and what came of it: a response or a failure, never both. */
export interface Exchange {
  readonly request: SentRequest;
  readonly response: ReceivedResponse | undefined;
  readonly failure: TransportFailure | undefined;
  /** The call that its case is about. */
  readonly about?: { readonly user: string; readonly extension: string; readonly call: string };
  /** The places of the calls before and after, as far as the target lets them be read. */
  readonly readings?: Readings;
}

/** The place of a call, as it was read. */
export interface CallReading {
  /**
   * `unsupported`: the target offers no way to read calls; `failed`: it offers one that does not work; `unanswered`: it
   * had no time for it, or is not asked any more since it never answers.
   */
  readonly outcome: 'read' | 'unknown' | 'unsupported' | 'failed' | 'unanswered';
  /** The numbers that the call's views show as sources, in order. */
  readonly sources: readonly string[];
  /** The numbers that the call's views show as destinations, in order. */
  readonly destinations: readonly string[];
  /** The answer that was received, in a few words. */
  readonly description: string;
}

/** The places of another call before and after. */
export interface OtherReadings {
  readonly extension: string;
  readonly call: string;
  readonly before: CallReading;
  readonly after: CallReading;
  readonly sentTo: readonly string[];
}

export interface Readings {
  readonly before: CallReading;
  readonly after: CallReading;
  /** Of transfers at once, where only one can succeed: the answer to the second of two in a row, and the successes. */
  readonly rivals?: { readonly again: string; readonly successes: number };
  /** The numbers that successful transfers of the case sent the call to. */
  readonly sentTo: readonly string[];
  /** The fixture's other calls. */
  readonly others: readonly OtherReadings[];
}

/** Returns true if an exchange was answered with a success status. */
export function succeeded({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}
