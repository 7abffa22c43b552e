/**
 * The places where a mistake can be put into a server.
 *
 * A server without hooks is right. No server shares its calls, parties or checks with another: this file only
 * names the places that all five have, so that one mistake can be tried in more than one of them.
 */

/** Describes the head of a request as it arrived. */
export type Head = { method: string; url: string; headers: Record<string, string | string[] | undefined> };

/** Describes an answer before it is sent. A body that is text is sent as it is. */
export type Answer = { status: number; body?: unknown; headers: Record<string, string> };

/** Describes what a server knows while it answers; `put` sets the parties, `parties` reads them. */
export type Context = {
  head: Head;
  kind: 'transfer' | 'read' | 'other';
  path: { userId: string; extension: string; phoneCallId: string };
  body: unknown;
  parties(): string[];
  put(parties: string[]): void;
};

/** Describes a transfer whose members have passed their checks. */
export type Transfer = { sendCallTo: string; transferFromNumber: string; transferNumber?: string };

export type PathName = 'userId' | 'extension' | 'phoneCallId';
export type NumberName = 'sendCallTo' | 'transferFromNumber' | 'transferNumber';

export type Hooks = {
  /** Answers before anything else is looked at. */
  before?(head: Head): Answer | undefined;
  /** Decides about the Authorization header in the server's place. */
  authorized?(header: string | undefined, token: string, head: Head): boolean | undefined;
  /** Changes a part of the path, `raw` as it arrived and `value` decoded, before it is compared. */
  segment?(value: string, name: PathName, raw: string): string;
  /** Decides whether a part of the path names something that exists. */
  known?(value: string, name: PathName, context: Context): boolean | undefined;
  /** Parses the body's text in the server's place. */
  parse?(text: string): unknown;
  /** Changes the parsed body before its members are checked. */
  body?(body: unknown): unknown;
  /** Decides whether a member of the body is a number. */
  number?(value: unknown, name: NumberName): boolean | undefined;
  /** Waits between reading the parties and writing them. */
  between?(): Promise<void>;
  /** Computes the parties after a transfer in the server's place. */
  moves?(parties: string[], transfer: Transfer, context: Context): string[];
  /** Runs after a transfer. */
  moved?(before: string[], context: Context): void;
  /** Changes an answer before it is sent. May throw, as a bug would. */
  answer?(answer: Answer, context: Context): Answer;
};

/** Describes the options that every server has; each adds its own variants. */
export type CommonOptions = {
  token?: string;
  /** Makes the hooks anew for each start, so that no state outlives a server. */
  hooks?: () => Hooks;
  /** Leaves the framework's own error answers in place, which is a mistake. */
  plainErrors?: boolean;
};

export type Running = { url: string; close(): Promise<void> };

/**
 * Maps the names of right but unusual variants to their options, the sentence that allows them, and the verdict of the
 * suite where that is not `conforming`.
 */
export type Variants<Options> = Record<string, { options: Options; why: string; ends?: string }>;
