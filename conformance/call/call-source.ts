import { fileURLToPath } from 'node:url';
import { inTime } from '../target/in-time.ts';
import type { TransportSettings } from '../target/transport-settings.ts';

/** A live call that a source placed. */
export interface PlacedCall {
  /** The User that owns it; the one that the command line names, or @me, if left out. */
  readonly user?: string;
  readonly extension: string;
  /** The id of the call, which no other live call has. */
  readonly call: string;
  /** The party that transfers the call. */
  readonly from: string;
  /** The party that is transferred. */
  readonly number: string;
}

/** The details of the run that a source places calls for. */
export interface CallContext {
  /** The URL that `/uapi/phoneCalls/…` is appended to. */
  readonly baseUrl: string;
  /** The bearer token at the time. */
  readonly token: string;
  /** The token to use in place of one that the target refused, or undefined if there is no other. */
  tokenInstead(refused: string): Promise<string | undefined>;
  /** The settings of connections to the target, where they are not as usual: certificates, a proxy. */
  readonly transport?: TransportSettings | undefined;
  /**
   * The value of `--user` on the command line, if it is there. The next members are those of `--extension`, `--from`
   * and `--number`.
   */
  readonly user: string | undefined;
  readonly extension: string | undefined;
  readonly from: string | undefined;
  readonly number: string | undefined;
  /** True if the call must be one of another extension of the User. */
  readonly otherExtension: boolean;
  /** Aborts when the source takes too long, or goes on after the run was ended: for two seconds, for half of one after Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Places a fresh call for each case that uses one up, and ends it afterwards. A module that is given as `--calls` has
 * one as its default export. Both functions may be called several times at once.
 */
export interface CallSource {
  /** Places a call, and resolves once it may be transferred. What it throws is the reason why a case is unreached. */
  place(context: CallContext): Promise<PlacedCall>;
  /** Ends a call, which may have ended by itself. What it throws becomes a remark in the report. */
  end(call: PlacedCall, context: CallContext): Promise<void>;
}

/** The time limit of loading a module, in milliseconds. */
const defaultLimit = 10_000;

/** A run ends early. Its message is the reason why cases are unreached. */
export class CutShort extends Error {}

/** A run is ended by a signal, so that somebody waits for its end. */
export class Interruption extends CutShort {
  constructor() {
    super('the run was interrupted');
  }
}

/** A source could not place a call: the case that needs it is unreached. */
export class CallSourceFailure extends Error {}

/**
 * Reads the call source that a module exports.
 *
 * @param limit - How long that may take, in milliseconds.
 * @throws Error with one line, if the module cannot be loaded in time or exports none.
 */
export async function loadCallSource(moduleUrl: string, limit = defaultLimit): Promise<CallSource> {
  const file = fileURLToPath(moduleUrl);
  let exported: unknown;
  try {
    const loading = import(/* @vite-ignore */ moduleUrl) as Promise<{ default?: unknown }>;
    exported = (await inTime(loading, limit, () => new Error(`it took longer than ${limit} ms`))).default;
  } catch (error) {
    throw new Error(`The call source ${file} cannot be loaded: ${formatThrown(error)}`);
  }
  const { place, end } = (exported ?? {}) as Partial<CallSource>;
  if (typeof place === 'function' && typeof end === 'function') return exported as CallSource;
  throw new Error(
    `The call source ${file} exports none: expected a default export with the functions place and end, see CallSource.`,
  );
}

/** Describes the fault in the members of a call that a source placed. Returns undefined if there is none. */
export function problemOfCall(call: unknown): string | undefined {
  if (typeof call !== 'object' || call === null) return `it placed ${String(call)}, expected a call`;
  const placed = call as Partial<PlacedCall>;
  const missing = (['extension', 'call', 'from', 'number'] as const).filter((name) => {
    return typeof placed[name] !== 'string' || placed[name] === '';
  });
  if (missing.length > 0) return `it placed a call without ${missing.join(', ')}, each of which is a text`;
  return placed.user === undefined || typeof placed.user === 'string' ? undefined : 'it placed a call of no User';
}

/** The longest text that is kept of what was thrown, in characters. */
const longestThrown = 1024;

/** Returns in one line what a source of calls threw, which can be any value. */
export function formatThrown(error: unknown): string {
  try {
    const text = String(error instanceof Error ? error.message : error);
    return text.slice(0, longestThrown).split('\n')[0] ?? '';
  } catch {
    return 'it threw a value that cannot be written';
  }
}
