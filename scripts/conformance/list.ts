import { Help } from 'commander';
import { patternOf } from '../../conformance/cases/pattern.ts';
import { suiteOf } from '../../conformance/cases/suite.ts';
import { readContract } from '../../conformance/contract/contract.ts';
import { readRequirements } from '../../conformance/contract/requirements.ts';
import { assertPatternsMatch } from './only.ts';
import { registerRows, type RegisterRow } from './register.ts';

const width = 80;
const idColumn = 66;
const casesShown = 4;

/** Which requirements are listed. */
export interface ListOptions {
  readonly only?: readonly string[];
  /** All if left out. */
  readonly profile?: readonly string[];
}

/**
 * The requirements that were asked for, with the cases that exist for them.
 *
 * @throws InputError if a pattern matches nothing.
 */
export function listOf({ only = [], profile: profiles }: ListOptions): string {
  const rows = registerRows().filter(({ requirement }) => profiles?.includes(requirement.profile) ?? true);
  if (only.length === 0) return rows.flatMap((row) => [...rowLines(row, row.cases, casesShown), '']).join('\n');
  const patterns = only.map(patternOf);
  const isMatched = (id: string) => patterns.some((pattern) => pattern.test(id));
  const lines = rows.flatMap((row) => {
    const cases = isMatched(row.requirement.id) ? row.cases : row.cases.filter(isMatched);
    return isMatched(row.requirement.id) || cases.length > 0 ? [...rowLines(row, cases, cases.length), ''] : [];
  });
  const ids = rows.flatMap(({ requirement, cases }) => [requirement.id, ...cases]);
  const unmatched = only.filter((pattern) => !ids.some((id) => patternOf(pattern).test(id)));
  const suite = suiteOf(readContract(), readRequirements());
  assertPatternsMatch(unmatched, { suite, profiles: profiles ?? ['core', 'bulk'], cases: [] });
  return lines.join('\n');
}

function rowLines(row: RegisterRow, cases: readonly string[], shown: number): string[] {
  const { id, level, profile, says } = row.requirement;
  const head = `${id.padEnd(idColumn)}${level.padEnd(7)}${profile === 'core' ? '' : profile}`;
  return [head.trimEnd(), ...indented(says), ...indented(proofOf(row, cases, shown))];
}

function proofOf({ requirement, alongTheWay }: RegisterRow, cases: readonly string[], shown: number): string {
  if (requirement.excluded !== undefined) return `Excluded: ${requirement.excluded}`;
  if (cases.length === 0) return `Proved along the way, in ${alongTheWay} case${alongTheWay === 1 ? '' : 's'}.`;
  const more = cases.length - shown;
  return `Cases: ${cases.slice(0, shown).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function indented(text: string): string[] {
  const lines = new Help().boxWrap(text, width - 2).split('\n');
  return lines.map((line) => `  ${line}`);
}
