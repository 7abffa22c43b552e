import type { Case } from '../cases/case.ts';
import { allCases } from '../cases/cases.ts';
import { suiteOf, type Suite } from '../cases/suite.ts';
import { contractOf, readContract } from '../contract/contract.ts';
import type { JsonObject } from '../contract/json.ts';
import { readRequirements, type Requirement } from '../contract/requirements.ts';
import { groupOf } from '../report/groups.ts';

/** A requirement, and the cases that prove it. */
export interface RegisterRow {
  readonly requirement: Requirement;
  /** The ids of the cases that exist for it. */
  readonly cases: readonly string[];
  /** How many further cases prove it along the way. */
  readonly alongTheWay: number;
}

/** The register with the cases that prove each row, as generated, or of a document of a contract and its register. */
export function registerRows(
  document?: JsonObject,
  register: readonly Requirement[] = readRequirements(),
): RegisterRow[] {
  const suite = suiteOf(document === undefined ? readContract() : contractOf(document), register);
  return rowsOf(suite, allCases(suite, {}));
}

/** A row for each requirement of a suite, with those of some cases that prove it. */
export function rowsOf(suite: Suite, cases: readonly Pick<Case, 'id' | 'requirement' | 'checks'>[]): RegisterRow[] {
  return suite.requirements.map((requirement) => {
    const { id } = requirement;
    const proofs = cases.filter(({ checks }) => checks.some((check) => check.requirement === id));
    const own = cases.filter((testCase) => testCase.requirement === id).map((testCase) => testCase.id);
    return { requirement, cases: own, alongTheWay: proofs.filter((proof) => proof.requirement !== id).length };
  });
}

/** The register as a page for readers. */
export function registerPage(rows: readonly RegisterRow[]): string {
  const groups = Map.groupBy(rows, ({ requirement }) => groupOf(requirement.id));
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
