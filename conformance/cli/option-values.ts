/** What an option's value may be, on the command line and in a configuration file. */
export interface OptionValue {
  /** The end of a sentence that begins with "expected". */
  readonly expected: string;
  /** The value that a text of the command line means; whether it is admitted is asked afterwards. */
  fromText(text: string): unknown;
  admits(value: unknown): boolean;
  /** Whether there may be several, which are a list in a configuration file. */
  readonly repeatable?: true;
  /** Whether it is a path, which is relative to the configuration file that names it. */
  readonly path?: true;
  /** Whether `-` stands for standard input, in the place of a path. */
  readonly standardInput?: true;
}

/** What is either given or not, and takes no value on the command line. */
export const flag: OptionValue = {
  expected: 'true or false',
  fromText: (value) => value,
  admits: (value) => typeof value === 'boolean',
};

export const text: OptionValue = {
  expected: 'a text that is not empty',
  fromText: (value) => value,
  admits: (value) => typeof value === 'string' && value !== '',
};

export const path: OptionValue = { ...text, expected: 'a path', path: true };

/** A file that is read, or standard input. */
export const input: OptionValue = { ...path, standardInput: true };

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): OptionValue {
  return {
    expected: `a whole number from ${least} to ${most}`,
    fromText: (value) => (/^\d+$/.test(value) ? Number(value) : value),
    admits: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/** One of a few words. */
export function oneOf(...choices: readonly string[]): OptionValue {
  return { ...text, expected: choices.join(' or '), admits: (value) => choices.some((choice) => choice === value) };
}

/** The same, more than once. */
export function several(value: OptionValue): OptionValue {
  return { ...value, repeatable: true };
}
