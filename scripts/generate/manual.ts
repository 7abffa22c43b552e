import { optionRows, type NamedRow } from '../../conformance/cli/options.ts';

/** The pages that show the options, and what makes each of them anew. */
export const optionPages: Readonly<Record<string, (page: string) => string>> = {
  'conformance/README.md': updateManual,
  'action.yml': updateAction,
};

/** Returns the manual with the options as the command has them now. */
function updateManual(page: string): string {
  const groups = Map.groupBy(optionRows, ({ group }) => group);
  const tables = [...groups].map(([group, rows]) => formatTable(group, rows));
  return page.replace(/(?<=<!-- options -->\n).*(?=<!-- \/options -->)/s, `\n${tables.join('\n')}\n`);
}

/** Returns the Action with an input for each option that a file could have, and for secrets. */
function updateAction(page: string): string {
  const inputs = optionRows
    .filter(({ file }) => file !== 'command line')
    .map(({ name, flag, description: told }) => {
      const members: Readonly<Record<string, string>> = {
        report: 'default: conformance-report',
        url: 'required: true',
      };
      const standard = members[name] === undefined ? '' : `\n    ${members[name]}`;
      const description = told.replace('; without it the mock is started and checked', '');
      const text = description.includes("'") ? JSON.stringify(description) : `'${description}'`;
      return `  ${flag.replace(/^--/, '')}:\n    description: ${text}${standard}\n`;
    });
  return page.replace(/(?<= # <options>\n).*(?= {2}# <\/options>)/s, inputs.join(''));
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
