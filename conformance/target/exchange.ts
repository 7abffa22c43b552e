import type { z } from 'zod';
import type { JsonValue } from '../contract/json.ts';
// Loading a schema takes long, and a run needs none.
import type { exchangeSchema } from './exchange-schema.ts';

/** A type whose members, and theirs, are read-only. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Frozen<T[Name]> }
    : T;

/** An exchange as a report has it. */
export type RecordedExchange = Frozen<z.infer<typeof exchangeSchema>>;
type RecordedResponse = NonNullable<RecordedExchange['response']>;

/** A request as it goes over the wire. */
export type SentRequest = RecordedExchange['request'];

export interface ReceivedBody extends Readonly<RecordedResponse['body']> {
  /** The value of the body, if it is JSON in UTF-8 of bounded depth. */
  readonly json?: { readonly value: JsonValue } | undefined;
}

/** A response whose body was read to its end and decoded. Cookies are joined by a line feed. */
export interface ReceivedResponse extends RecordedResponse {
  readonly body: ReceivedBody;
}

/** A request and what came of it: a response or a failure, never both. */
export interface Exchange extends RecordedExchange {
  readonly response?: ReceivedResponse | undefined;
  /** The call that its case is about. */
  readonly about?: { readonly user: string; readonly extension: string; readonly call: string };
}

/** The cause for which a request has no complete response. */
export type TransportFailure = NonNullable<RecordedExchange['failure']>;
/** The places of the calls of a case before and after. */
export type Readings = NonNullable<RecordedExchange['readings']>;
export type OtherReadings = Readings['others'][number];
export type CallReading = Readings['before'];

/** Returns true if an exchange was answered with a success status. */
export function succeeded({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}
