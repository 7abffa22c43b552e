import { reaches, type Figure, type Goal, type MeasuredPart, type Ratio } from './result.ts';

/** The machine and the time of a measurement, for readers who measure again. */
export interface Circumstances {
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  readonly on: string;
}

/** A part as Markdown: its ratios first, then what they are made of. */
export function partTable(part: MeasuredPart): string {
  const { title, method, rounds, load, ratios, figures } = part;
  const noise = `Medians of ${rounds} rounds, ± median absolute deviation; load average ${rounded(load.before)} before, ${rounded(load.after)} after.`;
  return [
    `## ${title}`,
    `${method}\n${noise}`,
    tableOf(['Ratio', 'Measured', 'Goal', 'Reached'], ratios.map(ratioCells)),
    tableOf(['Subject', 'Quantity', 'Median', '±'], figures.map(figureCells)),
  ].join('\n\n');
}

/** The whole page. */
export function resultsPage(parts: readonly MeasuredPart[], { processor, cores, node, on }: Circumstances): string {
  const introduction = [
    '# Benchmark',
    '`npm run lab -- bench --write` makes this page; `--part` measures one part, and `--check` holds the ratios against the goals.\n' +
      'What is compared is measured in turns, so that noise falls on both sides; ratios are made in each round.',
    `${processor}, ${cores} cores, Node.js ${node}, ${on}.`,
  ];
  return `${[...introduction, ...parts.map(partTable)].join('\n\n')}\n`;
}

function ratioCells(ratio: Ratio): string[] {
  const { says, median, deviation, unit, goal } = ratio;
  const reached = goal === undefined ? '' : reaches(ratio) ? 'yes' : 'no';
  return [says, `${withUnit(median, unit)} ± ${rounded(deviation)}`, goalText(goal, unit), reached];
}

function figureCells({ subject, quantity, unit, median, deviation }: Figure): string[] {
  return [subject, quantity, withUnit(median, unit), rounded(deviation)];
}

function goalText(goal: Goal | undefined, unit: string | undefined): string {
  if (goal === undefined) return '';
  return 'atMost' in goal ? `at most ${withUnit(goal.atMost, unit)}` : `at least ${withUnit(goal.atLeast, unit)}`;
}

function withUnit(value: number, unit: string | undefined): string {
  if (unit === undefined || unit === '') return rounded(value);
  return unit === 'bytes' && Math.abs(value) >= 1e6 ? `${rounded(value / 1e6)} MB` : `${rounded(value)} ${unit}`;
}

/** Three digits that mean something, and whole numbers in full. */
export function rounded(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
