/** The quantities that were measured of a subject in one round. */
export type Samples = Readonly<Record<string, number>>;

/** The samples of each subject, one for each round. */
export type Rounds = Readonly<Record<string, readonly Samples[]>>;

/** A ratio made in each round, so that what disturbed a round disturbed both sides. */
export interface Ratio {
  readonly says: string;
  readonly values: readonly number[];
  /** The bound that `--check` holds the median against. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** The results of one part of the benchmark. */
export interface Part {
  readonly title: string;
  /** A sentence or two about what was measured, and how. */
  readonly method: string;
  readonly rounds: Rounds;
  readonly ratios: readonly Ratio[];
}

/** The units of quantities; a quantity without one is a number of things. */
const units: Readonly<Record<string, string>> = {
  wall: 'ms',
  cpu: 'ms',
  'wall per request': 'ms',
  'cpu per call': 'µs',
  'peak memory': 'MB',
  rate: 'requests/s',
  p99: 'ms',
};

/** Returns the median, which a few samples far off do not move. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('Expected at least one sample, got none.');
  return (low + high) / 2;
}

/** Returns the median absolute deviation from the median. */
export function deviation(samples: readonly number[]): number {
  const middle = median(samples);
  return median(samples.map((sample) => Math.abs(sample - middle)));
}

/** Divides a quantity of one subject by that of another, round by round. */
export function divide(rounds: Rounds, quantity: string, numerator: string, denominator: string): number[] {
  const [above, below] = [rounds[numerator] ?? [], rounds[denominator] ?? []];
  return above.map((samples, round) => (samples[quantity] ?? Number.NaN) / (below[round]?.[quantity] ?? Number.NaN));
}

/** Tells if a ratio reaches its goal. One without a goal does, one that could not be measured does not. */
export function reaches({ values, goal }: Ratio): boolean {
  if (goal === undefined) return true;
  return 'atMost' in goal ? median(values) <= goal.atMost : median(values) >= goal.atLeast;
}

/** Formats three digits that mean something, and whole numbers in full. */
export function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** Formats a part as Markdown: its ratios first, then the figures that they are made of. */
export function formatPart({ title, method, rounds, ratios }: Part, circumstances: string): string {
  const ratioRows = ratios.map((ratio) => {
    const [[bound, limit] = []] = Object.entries(ratio.goal ?? {}) as [string, number][];
    const goal = bound === undefined ? '' : `${bound === 'atMost' ? 'at most' : 'at least'} ${limit}`;
    return [ratio.says, summarise(ratio.values), goal, goal && (reaches(ratio) ? 'yes' : 'no')];
  });
  const figureRows = Object.entries(rounds).flatMap(([subject, samples]) =>
    Object.keys(samples[0] ?? {}).map((quantity) => {
      const unit = units[quantity] ?? '';
      return [subject, quantity, `${summarise(samples.map((sample) => sample[quantity] ?? Number.NaN))} ${unit}`];
    }),
  );
  return [
    `## ${title}`,
    `${method}\n${circumstances}`,
    ...(ratioRows.length > 0 ? [formatTable(['Ratio', 'Measured', 'Goal', 'Reached'], ratioRows)] : []),
    formatTable(['Subject', 'Quantity', 'Measured'], figureRows),
  ].join('\n\n');
}

/** Puts a part in place of the one with the same title in a page, or at its end. */
export function replacePart(page: string, part: string): string {
  const [introduction = '', ...parts] = page.split(/^(?=## )/m);
  const [title] = part.split('\n');
  const index = parts.findIndex((one) => one.split('\n')[0] === title);
  const all = index < 0 ? [...parts, part] : parts.with(index, part);
  return [introduction, ...all].map((one) => one.trim()).join('\n\n');
}

function summarise(samples: readonly number[]): string {
  return `${round(median(samples))} ± ${round(deviation(samples))}`;
}

function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
