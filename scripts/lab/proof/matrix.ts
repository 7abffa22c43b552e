import type { Assessment, ControlResult, FaultResult, Proof } from './assessment.ts';
import type { Equivalent } from './equivalents.ts';
import { summaryLine } from './summary.ts';

const introduction = `# Proof

<!-- Written by \`npm run lab -- proof\`; \`npm run lab -- proof --check\` tells whether it is up to date. -->

A verdict is worth what the suite can be shown to find.
Each **fault** is a server that breaks one documented thing and is right in everything else; the requirement that it breaks must find it.
Each **control** is a server that is right, however unusual; the suite must leave it in peace, save for warnings of what a server should do.
The servers are in [servers/](servers/), the Prism mock and one written from the documentation alone; they share no code with cases or checks.
`;

/** The page that shows which requirement found which fault. */
export function matrixPage(assessment: Assessment, equivalents: readonly Equivalent[]): string {
  return [
    introduction,
    `**${summaryLine(assessment)}**\n`,
    requirementsSection(assessment.proofs, equivalents),
    '## Faults\n',
    ...familiesOf(assessment.faults).map(([family, faults]) => faultsTable(family, faults)),
    '## Controls\n',
    ...familiesOf(assessment.controls).map(([family, controls]) => controlsTable(family, controls)),
  ].join('\n');
}

function requirementsSection(proofs: readonly Proof[], equivalents: readonly Equivalent[]): string {
  const rows = proofs.map(({ requirement, level, faults, alone }) => [code(requirement), level, faults, alone]);
  const exceptions = equivalents.map(({ requirement, why }) => `- ${code(requirement)}: ${plain(why)}`);
  const about = [
    '## Requirements\n',
    'How many faults break each requirement, and how many of them no other requirement finds.\n',
    table(['requirement', 'level', 'faults', 'found by it alone'], rows),
  ];
  if (exceptions.length === 0) return about.join('\n');
  return [...about, 'No fault can break these and nothing else:\n', `${exceptions.join('\n')}\n`].join('\n');
}

function faultsTable(family: string, faults: readonly FaultResult[]): string {
  const rows = faults.map(({ id, says, requirement, isFound, others }) => {
    return [
      code(id),
      plain(says),
      `${code(requirement)}${isFound ? '' : ' **missed it**'}`,
      others.map(code).join(', '),
    ];
  });
  return `### ${family}\n\n${table(['fault', 'what it does', 'found by', 'and by'], rows)}`;
}

function controlsTable(family: string, controls: readonly ControlResult[]): string {
  const rows = controls.map(({ id, says, implementation, verdict, findings, isAlarm }) => {
    const judged = isAlarm ? `**${verdict}**` : verdict;
    return [code(id), plain(says), implementation, judged, findings.map(code).join(', ')];
  });
  return `### ${family}\n\n${table(['control', 'what is unusual', 'implementation', 'verdict', 'warnings'], rows)}`;
}

/** Results by the family in their id, in the order in which the families first occur. */
function familiesOf<Result extends { readonly id: string }>(results: readonly Result[]): [string, Result[]][] {
  return [...Map.groupBy(results, ({ id }) => id.slice(0, id.indexOf('/')))];
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

/** A text without anything that Markdown would take for more. */
function plain(text: string): string {
  return text
    .replaceAll(/[|*_\\]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', ' ');
}

function code(text: string): string {
  return `\`${text}\``;
}
