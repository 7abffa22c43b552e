import {
  summarize,
  type Assessment,
  type ControlResult,
  type FaultResult,
  type Proven,
  type Witness,
} from './assessment.ts';

const introduction = `# Proof

<!-- Written by \`npm run lab -- proof\`; \`npm run lab -- proof --check\` compares it with the suite. -->

A verdict is worth as much as the faults that the suite can be shown to find.
Each **fault** is a server that breaks one documented thing and is right in everything else; the requirement that it breaks must find it.
Faults of the [catalogue of wrong answers](../../conformance/self-check/) must be found by a requirement that \`--self-check\` names for them.
Each **unusual server** is right in everything; the suite must leave it in peace, except for warnings of what a server should do.
The servers are in [servers/](servers/): the mock, and one written from the documentation alone. They share no code with cases or checks.
`;

/** Writes the page that shows which requirements found which fault. */
export function writePage(assessment: Assessment, { equivalents }: Pick<Proven, 'equivalents'>): string {
  const { requirements, witnesses, faults, controls } = assessment;
  return [
    introduction,
    `**${summarize(assessment)}**\n`,
    '## Requirements\n',
    'The number of faults that each requirement finds, and of those that no other requirement finds.\n',
    table(
      ['requirement', 'level', 'faults', 'found by it alone'],
      requirements.map(({ requirement, level, faults: found, alone }) => [code(requirement), level, found, alone]),
    ),
    'No fault can break these requirements and nothing else:\n',
    `${equivalents.map(({ requirement, why }) => `- ${code(requirement)}: ${plain(why)}`).join('\n')}\n`,
    '## Checks\n',
    'Without the check, the requirement would not find the fault.\n',
    table(['requirement', 'check', 'fault'], witnesses.map(witnessRow)),
    '## Faults\n',
    ...groupByFamily(faults).map(([family, results]) => faultsTable(family, results)),
    '## Unusual servers\n',
    ...groupByFamily(controls).map(([family, results]) => controlsTable(family, results)),
  ].join('\n');
}

/** Reads the checks and their faults from a page that {@link writePage} made. */
export function readWitnesses(page: string): Witness[] {
  const [, section = ''] = /^## Checks\n([^]*?)^## /m.exec(page) ?? [];
  const rows = section.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|$/gm);
  return [...rows].map(([, requirement = '', check = '', fault]) => ({ requirement, check, fault }));
}

/** Replaces the text between the proof markers of a page. A page without markers stays as it is. */
export function markSummary(text: string, summary: string): string {
  return text.replace(/(<!-- proof -->)[^]*?(<!-- \/proof -->)/, (_, start: string, end: string) => {
    return `${start}${summary}${end}`;
  });
}

function witnessRow({ requirement, check, fault }: Witness): string[] {
  return [code(requirement), code(check), fault === undefined ? '**none**' : code(fault)];
}

function faultsTable(family: string, faults: readonly FaultResult[]): string {
  const rows = faults.map(({ id, says, expected, isFound, foundBy }) => {
    const missed = isFound ? [] : [`**missed by ${expected.join(', ')}**`];
    return [code(id), plain(says), [...missed, ...foundBy.map(code)].join(', ')];
  });
  return `### ${family}\n\n${table(['fault', 'description', 'found by'], rows)}`;
}

function controlsTable(family: string, controls: readonly ControlResult[]): string {
  const rows = controls.map(({ id, says, implementation, verdict, findings, isAlarm }) => {
    const judged = isAlarm ? `**${verdict}**` : verdict;
    return [code(id), plain(says), implementation, judged, findings.map(code).join(', ')];
  });
  return `### ${family}\n\n${table(['server', 'description', 'implementation', 'verdict', 'warnings'], rows)}`;
}

/** Groups results by the family in their id, in the order in which the families first occur. */
function groupByFamily<Result extends { readonly id: string }>(results: readonly Result[]): [string, Result[]][] {
  return [...Map.groupBy(results, ({ id }) => id.slice(0, id.indexOf('/')))];
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

/** Escapes what Markdown would interpret. */
function plain(text: string): string {
  return text
    .replaceAll(/[|*_\\]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}
