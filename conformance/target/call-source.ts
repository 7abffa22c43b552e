/** A live call that a source placed. */
export interface PlacedCall {
  /** The User that owns it; the fixture's if left out. */
  readonly user?: string;
  readonly extension: string;
  /** The id of the call. */
  readonly call: string;
  /** The party that transfers the call. */
  readonly from: string;
  /** The party that is transferred. */
  readonly number: string;
}

/** What a source is told about the run that it places calls for. */
export interface CallContext {
  /** Where `/uapi/phoneCalls/…` is appended to. */
  readonly baseUrl: string;
  readonly token: string;
  /** The User and the extension that the command line names, if it does. */
  readonly user: string | undefined;
  readonly extension: string | undefined;
  /** Whether the call must be one of another extension of the User. */
  readonly otherExtension: boolean;
  /** Aborts when the source takes too long. */
  readonly signal: AbortSignal;
}

/**
 * Places a fresh call for each case that uses one up, and ends it afterwards. A module that is given as `--calls` has
 * one as its default export.
 */
export interface CallSource {
  place(context: CallContext): Promise<PlacedCall>;
  end(call: PlacedCall, context: CallContext): Promise<void>;
}

/** A source could not place a call: the case that needs it is unreached. */
export class CallSourceFailure extends Error {}

/**
 * Reads the call source that a module exports.
 *
 * @throws Error with one line, if the module cannot be loaded or exports none.
 */
export async function loadCallSource(moduleUrl: string): Promise<CallSource> {
  let exported: unknown;
  try {
    exported = ((await import(moduleUrl)) as { default?: unknown }).default;
  } catch (error) {
    throw new Error(`The call source ${moduleUrl} cannot be loaded: ${(error as Error).message.split('\n')[0]}`);
  }
  const { place, end } = (exported ?? {}) as Partial<CallSource>;
  if (typeof place === 'function' && typeof end === 'function') return exported as CallSource;
  throw new Error(`The call source ${moduleUrl} has no default export with the functions place and end.`);
}

/** What is wrong with a call that a source placed, or undefined. */
export function problemOfCall(call: unknown): string | undefined {
  const placed = (call ?? {}) as Partial<PlacedCall>;
  const missing = (['extension', 'call', 'from', 'number'] as const).filter((name) => {
    return typeof placed[name] !== 'string' || placed[name] === '';
  });
  return missing.length === 0 ? undefined : `it placed a call without ${missing.join(', ')}`;
}
