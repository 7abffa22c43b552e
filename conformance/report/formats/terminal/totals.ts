import { groupOf } from '../../groups.ts';
import type { ReportRequirement, Totals } from '../../report.ts';
import { requirementOutcomes, type RequirementOutcome } from '../../verdict.ts';
import type { Line, Style } from './layout.ts';

/** How many requirements of each group have each outcome, as a table without empty columns. */
export function totalsTable(requirements: readonly ReportRequirement[]): Line[] {
  const groups = [...Map.groupBy(requirements, ({ id }) => groupOf(id))];
  const columns = requirementOutcomes.filter((outcome) =>
    requirements.some((requirement) => requirement.outcome === outcome),
  );
  const first = Math.max(...groups.map(([group]) => group.length), 0);
  const row = (name: string, cells: readonly string[]) =>
    [name.padEnd(first), ...cells.map((cell, index) => cell.padStart(columns[index]?.length ?? 0))]
      .join('  ')
      .trimEnd();
  return [
    { text: row('', columns), style: 'faint' },
    ...groups.map(([group, rows]): Line => {
      const count = (outcome: RequirementOutcome) =>
        rows.filter((requirement) => requirement.outcome === outcome).length;
      const cells = columns.map((outcome) => String(count(outcome) || '.'));
      return { text: row(group, cells), style: styleOf(count) };
    }),
  ];
}

/** Totals as words, in the order of outcomes. */
export function inWords(totals: Totals): string {
  const rank = (word: string) => ['pass', 'fail', 'warn', ...requirementOutcomes].indexOf(word);
  return Object.entries(totals)
    .toSorted(([one], [other]) => rank(one) - rank(other))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

function styleOf(count: (outcome: RequirementOutcome) => number): Style | undefined {
  if (count('violated') > 0) return 'violated';
  return count('warned') + count('unreached') > 0 ? 'warned' : undefined;
}
