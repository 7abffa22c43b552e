import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { allCases, registerRows, type RegisterRow } from '../../conformance/cases/cases.ts';
import { createSuite } from '../../conformance/cases/suite.ts';
import { parseContract, readContract } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';
import { readRequirements, type Requirement } from '../../conformance/contract/requirements.ts';
import { InputError } from '../../conformance/contract/input-error.ts';
import { parseYaml } from '../../conformance/contract/yaml-source.ts';
import { groupName } from '../../conformance/report/verdict.ts';

const requirement: z.ZodType<Requirement> = z.strictObject({
  id: z.string(),
  level: z.enum(['MUST', 'SHOULD']),
  profile: z.string(),
  says: z.string(),
  source: z.string(),
  at: z.string(),
  keywords: z.array(z.string()).exactOptional(),
  excluded: z.string().exactOptional(),
});

/**
 * Reads the register that is written by hand.
 *
 * @throws InputError with one line that names the file, and the line and column of a row that is not as it must be.
 */
export function readRegister(file: string = join('spec', 'requirements.yaml')): Requirement[] {
  const { data, placeOf } = parseYaml(readFileSync(file, 'utf8'), file);
  if (!Array.isArray(data)) throw new InputError(`${file}: this is not a list of requirements.`);
  return data.map((row: unknown, index) => {
    const { data: read, error } = requirement.safeParse(row);
    const [problem] = error?.issues ?? [];
    if (problem === undefined) return read as Requirement;
    const member = problem.path.length > 0 ? `${problem.path.join('.')}: ` : '';
    throw new InputError(
      `${placeOf([index, ...(problem.path as string[])])}: row ${index + 1}: ${member}${problem.message}`,
    );
  });
}

/** Returns the register with the cases that prove each row, as generated, or of a document of a contract and its register. */
export function readRegisterRows(
  document?: JsonObject,
  register: readonly Requirement[] = readRequirements(),
): RegisterRow[] {
  const suite = createSuite(document === undefined ? readContract() : parseContract(document), register);
  return registerRows(suite, allCases(suite, {}));
}

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
