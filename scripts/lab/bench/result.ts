import { ratiosOf, summaryOf, type Summary } from './statistics.ts';

/** What was measured of one subject, for example the time that a command took. */
export interface Figure extends Summary {
  readonly subject: string;
  readonly quantity: string;
  readonly unit: string;
}

/** A bound of a ratio that `--check` holds it against. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** A ratio of two figures, made in each round and then summarised. */
export interface Ratio extends Summary {
  readonly says: string;
  readonly unit?: string;
  readonly goal?: Goal;
}

/** What a part of the benchmark found. */
export interface PartResult {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  /** What was measured, and how, in a sentence or two. */
  readonly method: string;
}

/** A part's result with the circumstances it was measured in. */
export interface MeasuredPart extends PartResult {
  readonly rounds: number;
  /** The load average of the last minute, before and after. */
  readonly load: { readonly before: number; readonly after: number };
}

/** The samples of each round, by quantity. */
export type Samples = Readonly<Record<string, number>>;

/** Summarises one quantity of a subject. */
export function figureOf(subject: string, quantity: string, unit: string, rounds: readonly Samples[]): Figure {
  return { subject, quantity, unit, ...summaryOf(valuesOf(rounds, quantity)) };
}

/** The ratio of a quantity of two subjects, round by round. */
export function ratioOf(
  says: string,
  quantity: string,
  [numerator, denominator]: readonly [readonly Samples[] | undefined, readonly Samples[] | undefined],
  goal?: Goal,
): Ratio {
  const ratios = ratiosOf(valuesOf(numerator ?? [], quantity), valuesOf(denominator ?? [], quantity));
  return { says, ...summaryOf(ratios), ...(goal && { goal }) };
}

/** Whether a ratio reaches its goal; one without a goal always does. */
export function reaches({ median, goal }: Ratio): boolean {
  if (goal === undefined) return true;
  return 'atMost' in goal ? median <= goal.atMost : median >= goal.atLeast;
}

function valuesOf(rounds: readonly Samples[], quantity: string): number[] {
  return rounds.map((round) => {
    const value = round[quantity];
    if (value === undefined) throw new Error(`A round has no ${quantity}, only ${Object.keys(round).join(', ')}.`);
    return value;
  });
}
