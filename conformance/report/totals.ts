import { requirementOutcomes, type ReportRequirement, type RequirementOutcome } from './model.ts';

/** The number of each outcome or verdict; those that do not occur are left out. */
export type Totals<Word extends string = string> = Readonly<Partial<Record<Word, number>>>;

export function countEach<Word extends string>(words: readonly Word[]): Totals<Word> {
  const groups = [...Map.groupBy(words, (word) => word)];
  return Object.fromEntries(groups.map(([word, all]) => [word, all.length])) as Totals<Word>;
}

const order: readonly string[] = ['pass', 'fail', 'warn', ...requirementOutcomes, 'error'];

/** Writes totals as words, such as "3 pass, 1 fail". */
export function totalsText(totals: Totals): string {
  return Object.entries(totals)
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

/** Returns the group of a requirement or a case, which its id begins with. */
export function groupName(id: string): string {
  return id.split('/')[0] ?? '';
}

/** The number of requirements of each group with each outcome. */
export interface TotalsTable {
  /** The outcomes that occur. */
  readonly columns: readonly RequirementOutcome[];
  /** The groups, each with a count for each column. */
  readonly rows: readonly { readonly group: string; readonly counts: readonly number[] }[];
}

/** Counts requirements by their group and outcome. */
export function tabulate(requirements: readonly ReportRequirement[]): TotalsTable {
  const columns = requirementOutcomes.filter((word) => requirements.some(({ outcome }) => outcome === word));
  const groups = Map.groupBy(requirements, ({ id }) => groupName(id));
  const rows = [...groups].map(([group, members]) => {
    return { group, counts: columns.map((word) => members.filter(({ outcome }) => outcome === word).length) };
  });
  return { columns, rows };
}
