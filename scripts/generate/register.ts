import { allCases } from '../../conformance/cases/cases.ts';
import { registerRows, type RegisterRow } from '../../conformance/cases/cases.ts';
import { createSuite } from '../../conformance/cases/suite.ts';
import { parseContract, readContract } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';
import { readRequirements, type Requirement } from '../../conformance/contract/requirements.ts';
import { groupName } from '../../conformance/report/verdict.ts';

/** Returns the register with the cases that prove each row, as generated, or of a document of a contract and its register. */
export function readRegisterRows(
  document?: JsonObject,
  register: readonly Requirement[] = readRequirements(),
): RegisterRow[] {
  const suite = createSuite(document === undefined ? readContract() : parseContract(document), register);
  return registerRows(suite, allCases(suite, {}));
}

/** Formats the register as a page for readers. */
export function registerPage(rows: readonly RegisterRow[]): string {
  const groups = Map.groupBy(rows, ({ requirement }) => groupName(requirement.id));
  const proven = rows.filter(({ requirement }) => requirement.excluded === undefined);
  const cases = new Set(rows.flatMap((row) => row.cases)).size;
  return [
    '# Requirements',
    '',
    '<!-- Generated from spec/requirements.yaml by `npm run generate`: do not edit. -->',
    '',
    `${rows.length} sentences that a server must or should honour: ${cases} cases prove ${proven.length} of them,`,
    `and ${rows.length - proven.length} are excluded, each with its reason.`,
    ...[...groups].flatMap(([group, members]) => ['', `## ${group}`, '', ...members.flatMap(pageLines)]),
    '',
  ].join('\n');
}

function pageLines({ requirement, cases, alongTheWay }: RegisterRow): string[] {
  const { id, level, profile, says, source, at, excluded } = requirement;
  const named = cases.map((name) => `\`${name}\``).join(', ');
  const others = `${alongTheWay} cases that exist for other requirements`;
  const proof = [...(cases.length > 0 ? [named] : []), ...(alongTheWay > 0 ? [others] : [])].join(', and ');
  return [
    `- **${id}** (${level}${profile === 'core' ? '' : `, profile ${profile}`}): ${says}`,
    `  - Source: ${source}. Contract: \`${at}\`.`,
    `  - ${excluded === undefined ? `Proven by ${proof}.` : `Excluded: ${excluded}`}`,
  ];
}
