/** A failure that is known, as a list of known failures has it. */
export interface KnownFailure {
  /** The id of a case or of a requirement. */
  readonly id: string;
  /** Why it may fail for now. */
  readonly reason: string;
  /** The last day on which it may fail, as YYYY-MM-DD. */
  readonly until?: string | undefined;
  /** Where the list has it, from the first line to the last. */
  readonly line: number;
  readonly lastLine: number;
}

/** A list of known failures, and what it is called. */
export interface KnownList {
  readonly file: string;
  readonly failures: readonly KnownFailure[];
}

/**
 * What became of a known failure. `known`: it fails, as the list says; `unreached`: the run does not tell;
 * all else is to be deleted from the list.
 */
export type KnownState = 'known' | 'passes' | 'expired' | 'unmatched' | 'excluded' | 'unreached';

/** A failure that is known, and what became of it. */
export interface KnownResult extends KnownFailure {
  readonly state: KnownState;
}

/** A list of known failures, and what became of each. */
export interface KnownResults {
  readonly file: string;
  readonly failures: readonly KnownResult[];
}

/** The known failure that covers a case which breaks a requirement, if one does. */
export function knownFailureOf(
  known: KnownResults | undefined,
  requirement: string,
  testCase: string,
): KnownResult | undefined {
  return known?.failures.find(({ id, state }) => state === 'known' && (id === requirement || id === testCase));
}

/** The failures that are to be deleted from their list. */
export function outdatedFailures(known: KnownResults | undefined): KnownResult[] {
  return (known?.failures ?? []).filter(({ state }) => state !== 'known' && state !== 'unreached');
}

/** What is to be done about each failure that does not belong into its list any more, as a line each. */
export function outdatedLines(known: KnownResults | undefined): string[] {
  return outdatedFailures(known).map((failure) => `${known?.file}:${failure.line}: ${advice(failure)}`);
}

function advice(failure: KnownResult): string {
  const { id, state, until } = failure;
  if (state === 'passes') return `${id} passes now: delete ${placeOf(failure)}`;
  if (state === 'expired') return `${id} was known to fail until ${until}: mend it, or delete ${placeOf(failure)}`;
  if (state === 'excluded') return `${id} is excluded and cannot fail: delete ${placeOf(failure)}`;
  return `${id} is no case and no requirement: delete ${placeOf(failure)}`;
}

function placeOf({ line, lastLine }: KnownFailure): string {
  return line === lastLine ? 'this line' : `lines ${line} to ${lastLine}`;
}
