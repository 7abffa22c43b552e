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

const independentIntroduction = `## Independent servers

Five servers in real frameworks were written from the documentation page before the suite was looked at. Each has one user, one extension and one call.
A right server must end with the verdict below where its call is named, and must never be called not conforming where only URL and token are given.
A fault must be found by the requirement that it names. \`--check\` tries a sample of them.
`;

/** The results that a page shows. */
export interface PageInput {
  /** The results of the servers that are made of the plain server and the mock. */
  readonly own: Assessment;
  /** The results of the fixed sample of independent servers that every run tries. */
  readonly independent: Assessment;
  readonly witnesses: readonly Witness[];
  readonly proven: Pick<Proven, 'requirements' | 'equivalents'>;
  /** The number of all independent servers. */
  readonly independentServers: number;
}

/** Writes the page that shows which requirements found which fault. */
export function writePage({ own, independent, witnesses, proven, independentServers }: PageInput): string {
  const { faults, controls } = own;
  return [
    introduction,
    `**${summarize(own)}**\n`,
    '## Requirements\n',
    'The number of faults that break each requirement, and one of them that no other requirement finds.\n',
    table(
      ['requirement', 'level', 'faults', 'found by it alone'],
      proven.requirements.map(({ id, level }) => {
        const count = faults.filter(({ foundBy }) => foundBy.includes(id)).length;
        return [
          code(id),
          level,
          count,
          nameFault(witnesses.find((one) => one.requirement === id && !one.check)?.fault),
        ];
      }),
    ),
    'No fault can break these requirements and nothing else:\n',
    `${proven.equivalents.map(({ requirement, why }) => `- ${code(requirement)}: ${plain(why)}`).join('\n')}\n`,
    '## Checks\n',
    'Without the check, the requirement would not find the fault.\n',
    table(
      ['requirement', 'check', 'fault'],
      witnesses.flatMap(({ requirement, check, fault }) =>
        check === undefined ? [] : [[code(requirement), code(check), nameFault(fault)]],
      ),
    ),
    '## Faults\n',
    ...groupByFamily(faults).map(
      ([family, results]) => `### ${family}\n\n${table(['fault', 'description', 'found by'], results.map(faultRow))}`,
    ),
    '## Unusual servers\n',
    ...groupByFamily(controls).map(
      ([family, results]) =>
        `### ${family}\n\n${table(['server', 'description', 'implementation', 'verdict', 'warnings'], results.map(controlRow))}`,
    ),
    independentIntroduction,
    `A run tries a fixed sample: ${independent.faults.length + independent.controls.length} of ${independentServers} servers, which are counted here. With \`--independent\` it tries all and prints what it finds.\n`,
    `**independent ${summarize(independent)}**\n`,
    table(['server', 'what allows it', 'implementation', 'verdict', 'findings'], independent.controls.map(controlRow)),
    table(['fault', 'what it breaks', 'found by'], independent.faults.map(faultRow)),
  ].join('\n');
}

/** Reads the requirements, the checks and their faults from a page that {@link writePage} made. */
export function readWitnesses(page: string): Witness[] {
  const [, requirements = ''] = /^## Requirements\n([^]*?)^## /m.exec(page) ?? [];
  const [, checks = ''] = /^## Checks\n([^]*?)^## /m.exec(page) ?? [];
  return [
    ...Array.from(requirements.matchAll(/^\| `([^`]+)` \|.*\| `([^`]+)` \|$/gm), ([, requirement = '', fault]) => {
      return { requirement, check: undefined, fault };
    }),
    ...Array.from(
      checks.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \|$/gm),
      ([, requirement = '', check, fault]) => ({ requirement, check, fault }),
    ),
  ];
}

/** Replaces the text between the proof markers of a page. A page without markers stays as it is. */
export function markSummary(text: string, summary: string): string {
  return text.replace(/(<!-- proof -->)[^]*?(<!-- \/proof -->)/, (_, start: string, end: string) => {
    return `${start}${summary}${end}`;
  });
}

function nameFault(fault: string | undefined): string {
  return fault === undefined ? 'none' : code(fault);
}

function faultRow({ id, says, expected, foundBy }: FaultResult): string[] {
  const found = foundBy.length === 0 ? `**missed by ${expected.join(', ')}**` : foundBy.map(code).join(', ');
  return [code(id), plain(says), found];
}

function controlRow({ id, says, implementation, verdict, findings, isAlarm }: ControlResult): string[] {
  const judged = isAlarm ? `**${verdict}**` : verdict;
  return [code(id), plain(says), implementation, judged, findings.map(code).join(', ')];
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
