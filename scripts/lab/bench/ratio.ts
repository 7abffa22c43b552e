/** A ratio of two figures that are measured in turns, so that what disturbs one of them disturbs the other too. */
export interface Comparison {
  readonly says: string;
  readonly unit: 'ms' | 'µs';
  /** The bound that `--check` holds the median of the ratios against. */
  readonly atMost: number;
  measure(): Promise<number>;
  /** Measures the figure that the ratio divides by. */
  measureOther(): Promise<number>;
}

/** The figures of a comparison, one pair for each round. */
export type Rounds = readonly (readonly [figure: number, other: number])[];

/** Returns the median, which a few samples far off do not move. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('Expected at least one sample, got none.');
  return (low + high) / 2;
}

/** Tells whether the median of the ratios reaches its goal. Figures that could not be measured do not. */
export function reaches({ atMost }: Comparison, rounds: Rounds): boolean {
  return median(divide(rounds)) <= atMost;
}

/** Formats a comparison as the cells of a row: the ratio and its goal, then the two figures. */
export function formatRow(comparison: Comparison, rounds: Rounds, circumstances: string): string[] {
  const { says, unit, atMost } = comparison;
  const [figures, others] = [rounds.map(([figure]) => figure), rounds.map(([, other]) => other)];
  return [
    says,
    `${formatSamples(divide(rounds))}`,
    `${atMost}${reaches(comparison, rounds) ? '' : ', missed'}`,
    `${formatSamples(figures)} ${unit}`,
    `${formatSamples(others)} ${unit}`,
    circumstances,
  ];
}

const head = ['Ratio', 'Measured', 'At most', 'Figure', 'Divided by', 'Circumstances'];

/** Formats rows as a table of Markdown. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Puts rows into the table of a page, each in place of the one with the same first cell, or at the end. */
export function putRows(page: string, rows: readonly (readonly string[])[]): string {
  const [introduction = ''] = page.split(/^\|/m);
  const [, , ...former] = page.split('\n').filter((line) => line.startsWith('|'));
  const cells = former.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const all = new Map([...cells, ...rows].map((row) => [row[0], row]));
  return `${introduction}${formatTable([...all.values()])}\n`;
}

function divide(rounds: Rounds): number[] {
  return rounds.map(([figure, other]) => figure / other);
}

/** Formats the median and the median absolute deviation from it. */
function formatSamples(samples: readonly number[]): string {
  const middle = median(samples);
  return `${round(middle)} ± ${round(median(samples.map((sample) => Math.abs(sample - middle))))}`;
}

/** Formats three digits that mean something, and whole numbers in full. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
