import { optionRows, type NamedRow } from '../../conformance/cli/options.ts';

/** The page that has the table of options, and the comments that it stands between. */
export const manualFile = 'conformance/README.md';
const section = /(?<=<!-- options -->\n).*(?=<!-- \/options -->)/s;

/** Returns the manual with the options as the command has them now. */
export function updateManual(page: string): string {
  const groups = Map.groupBy(optionRows, ({ group }) => group);
  const tables = [...groups].map(([group, rows]) => formatTable(group, rows));
  return page.replace(section, `\n${tables.join('\n')}\n`);
}

function formatTable(group: string, rows: readonly NamedRow[]): string {
  const cells = rows.map(({ flags, description, default: standard }) => {
    const suffix = standard === undefined ? '' : ` (default: ${[standard].flat().join(' ')})`;
    return [`\`${flags}\``, `${description}${suffix}`.replaceAll('|', '\\|')];
  });
  const lines = [[group, 'what it does'], ...cells];
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (line: readonly string[], filler = ' ') =>
    `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width, filler)).join(' | ')} |\n`;
  const [head = [], ...others] = lines;
  return [pad(head), pad([], '-'), ...others.map((line) => pad(line))].join('');
}
