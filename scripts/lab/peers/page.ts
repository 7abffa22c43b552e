import { groupName } from '../../../conformance/report/totals.ts';
import { limits } from './peer.ts';
import type { Tally } from './tally.ts';

/** What the table was made of. */
export interface Comparison {
  /** How many servers the catalogue holds that could be compared, and how many were. */
  readonly available: { readonly faults: number; readonly controls: number };
  readonly tallies: readonly Tally[];
}

const headings = ['Tool', 'Version', 'Faults found', 'False alarms', 'No verdict', 'Wall time', 'Requests'];

/** The table as Markdown, which reads well in a terminal too. */
export function comparisonTable(tallies: readonly Tally[]): string {
  const rows = tallies.map(cellsOf);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cellsOf({ name, version, faults, found, controls, falseAlarms, ...rest }: Tally): string[] {
  return [
    name,
    version,
    `${found.length} of ${faults}`,
    `${falseAlarms.length} of ${controls}`,
    String(rest.withoutVerdict.length),
    `${(rest.wallTime / 60_000).toFixed(1)} min`,
    rest.requests.toLocaleString('en'),
  ];
}

/** The page that shows the comparison to readers. */
export function comparisonPage({ available, tallies }: Comparison): string {
  return `${[
    '# Comparison with peers',
    '`npm run proof -- --peers` writes this page from a real run: it installs each tool, and runs it against the same faulty servers and the same correct but unusual ones as the suite.',
    scopeOf(available, tallies),
    comparisonTable(tallies),
    'A fault counts as found when the tool itself reports a failure on the faulty server, whichever failure it is; the suite’s own row counts a warning too, which is how it reports a SHOULD.',
    'A false alarm is a failure that it reports on a correct server.',
    `A tool that crashes on a server, or has said nothing after ${limits.run / 1000} s, has given no verdict.`,
    'Wall time is that of all servers on two cores, which others used at the same time, and requests are those that all servers got.\nA peer is started anew for each server; the suite is started once.',
    '## How each was configured',
    'Every tool passes the server that is exactly as documented: this is checked before anything is counted.\nThe script is one list of requests, `scripts/lab/peers/script.ts`, which a person would write from the documentation: each documented success and each documented error.',
    tallies.map(({ name, configuration }) => `**${name}.** ${configuration}`).join('\n\n'),
    '## Faults found, by family',
    familyTable(tallies),
    '## False alarms',
    tallies.map(({ name, falseAlarms }) => `**${name}:** ${listOf(falseAlarms)}`).join('\n\n'),
  ].join('\n\n')}\n`;
}

function scopeOf({ faults, controls }: Comparison['available'], [first]: readonly Tally[]): string {
  const whole = first?.faults === faults && first.controls === controls;
  const scope = whole
    ? `It covers the whole catalogue: ${faults} faults and ${controls} controls.`
    : `It covers a sample of the catalogue, the same each time: ${first?.faults} of ${faults} faults, and ${first?.controls} of ${controls} controls.`;
  return `${scope}\nLeft out are the faults of the profile \`bulk\`, which no tool is asked to exercise, and the controls that break a SHOULD.`;
}

function familyTable(tallies: readonly Tally[]): string {
  const reported = tallies.flatMap(({ found }) => found);
  const families = [...new Set(reported.map(groupName))].toSorted();
  const head = ['Family', ...tallies.map(({ name }) => name)];
  const rows = families.map((family) => [
    family,
    ...tallies.map(({ found }) => String(found.filter((id) => groupName(id) === family).length)),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function listOf(ids: readonly string[]): string {
  return ids.length === 0 ? 'none.' : `${ids.map((id) => `\`${id}\``).join(', ')}.`;
}
