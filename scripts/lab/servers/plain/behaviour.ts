import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Call, Switchboard } from './documented.ts';

/** The parts of a request that are checked, in the order of the documented server. */
export const parameters = [
  'authorization',
  'userId',
  'extension',
  'phoneCallId',
  'mediaType',
  'body',
  'action',
  'sendCallTo',
  'transferFromNumber',
  'transferNumber',
] as const;

/** A part of a request for which it can be refused. */
export type Parameter = (typeof parameters)[number];

/** A reason to refuse a request: one of its parameters, or an operation that does not exist. */
export type Reason = Parameter | 'operation';

/** A refusal of a request. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The segments of a path that name a call, or all calls of an extension. */
export interface Address {
  readonly userId: string;
  readonly extension: string;
  readonly phoneCallId: string | undefined;
}

/** One request, with all that the server knows about it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly switchboard: Switchboard;
  readonly tokens: readonly string[];
  /** The origin of the server and the path that it is mounted below. */
  readonly base: string;
  /** The decoded path; undefined if the path is not one of the operation. */
  readonly address: Address | undefined;
  /** The calls that the path names; undefined if it names none. */
  readonly calls: readonly Call[] | undefined;
  /** The body as it was sent. */
  readonly body: Buffer;
  /** The members of the body; undefined if it cannot be read. */
  readonly action: Readonly<Record<string, unknown>> | undefined;
}

/** The answer to a request. */
export interface Answer {
  readonly outcome: 'transferred' | 'read' | 'refused';
  readonly reason?: Reason;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** Everything that the server does, each part replaceable by itself. */
export interface Behaviour {
  /** The parameters that are checked, in order. */
  readonly order: readonly Parameter[];
  /** The refusal for each reason. */
  readonly refusals: Readonly<Record<Reason, Refusal>>;
  /** Tells for each parameter whether a value is valid. */
  readonly accepts: Readonly<Record<Parameter, (value: unknown, exchange: Exchange) => boolean>>;
  /** Finds the segments of a path, which is the target without its query. */
  route(path: string): Address | undefined;
  /** Undoes the percent-encoding of one segment. */
  decode(segment: string): string;
  /** Finds the calls that an address names. */
  find(address: Address, switchboard: Switchboard): readonly Call[] | undefined;
  /** Reads the members of a body, which is declared as a media type. */
  read(body: Buffer, mediaType?: string): Record<string, unknown> | undefined;
  /** Moves the calls that an accepted request names. */
  transfer(exchange: Exchange): void | Promise<void>;
  /** Runs after a refusal; does nothing on the documented server. */
  afterRefusal(reason: Reason, exchange: Exchange): void;
  /** The JSON of a transferred call. */
  showTransferred(call: Call, exchange: Exchange): unknown;
  /** The JSON of a call that is read. */
  showDetails(call: Call, exchange: Exchange): unknown;
  /** The JSON of a refusal. */
  showRefusal(refusal: Refusal): unknown;
  /** The last change to an answer before it is sent. */
  finish(answer: Answer, exchange: Exchange): Answer | Promise<Answer>;
  /** Puts an answer on the wire. */
  send(answer: Answer, exchange: Exchange): void | Promise<void>;
}
