import { Help } from 'commander';
import {
  parsePattern,
  selectByPatterns,
  selectCases,
  parseShard,
  selectShard,
  assertPatternsMatch,
  assertShardable,
  assertShardHasCases,
  type IdPattern,
} from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { registerRows, type RegisterRow } from '../cases/cases.ts';
import type { Options } from './options.ts';

const width = 80;
const idColumn = 66;
const casesShown = 4;
const allProfiles = ['core', 'bulk'];

/** The selection of the requirements that are listed, and of their cases. */
export interface ListOptions extends Pick<Options, 'only' | 'exclude' | 'fuzz' | 'seed' | 'shard' | 'json'> {
  /** If left out all, or those of a run where a shard is named. */
  readonly profile?: readonly string[];
}

/**
 * The requirements that were asked for, with the cases that exist for them, or with those of a shard.
 *
 * @throws InputError if a pattern matches nothing, or there is no such shard.
 */
export async function listOf(options: ListOptions): Promise<string> {
  const { only = [], shard: part } = options;
  assertShardable(options);
  const suite = createSuite(readContract(), readRequirements());
  const profiles = options.profile ?? (part === undefined ? allProfiles : ['core']);
  const { exclude, fuzz, seed } = options;
  const all = selectCases(suite, {}, { profiles, exclude, fuzz, seed });
  const rows = registerRows(suite, all).filter(({ requirement }) => profiles.includes(requirement.profile));
  const own = selectCases(suite, {}, { profiles, fuzz, seed });
  const ids = rows.flatMap(({ requirement, cases }) => [requirement.id, ...cases]);
  const patterns = only.map(parsePattern);
  const unmatched = only.filter((_, place) => !ids.some((id) => patterns[place]?.test(id)));
  assertPatternsMatch(unmatched, { suite, profiles, cases: own });
  const write = options.json === true ? formatJson : linesOf;
  if (part === undefined) return write(rows, patterns);
  const wanted = selectByPatterns(own, only, exclude);
  assertShardHasCases(parseShard(part), wanted);
  const dealt = registerRows(suite, selectShard(wanted, parseShard(part)));
  const proved = dealt.filter(({ cases, alongTheWay }) => cases.length > 0 || alongTheWay > 0);
  return write(proved, patterns);
}

/** Returns the rows that patterns match, each with the cases that they match; all without patterns. */
function selectRows(rows: readonly RegisterRow[], patterns: readonly IdPattern[]): RegisterRow[] {
  const isMatched = (id: string) => patterns.length === 0 || patterns.some((pattern) => pattern.test(id));
  return rows.flatMap((row) => {
    if (isMatched(row.requirement.id)) return [row];
    const cases = row.cases.filter(isMatched);
    return cases.length > 0 ? [{ ...row, cases }] : [];
  });
}

function linesOf(rows: readonly RegisterRow[], patterns: readonly IdPattern[]): string {
  const shown = patterns.length === 0 ? casesShown : Infinity;
  const lines = selectRows(rows, patterns).flatMap((row) => [...rowLines(row, shown), '']);
  return lines.join('\n');
}

function formatJson(rows: readonly RegisterRow[], patterns: readonly IdPattern[]): string {
  const listed = selectRows(rows, patterns).map(({ requirement, cases }) => ({ ...requirement, cases }));
  return JSON.stringify(listed, undefined, 2);
}

function rowLines(row: RegisterRow, shown: number): string[] {
  const { id, level, profile, says } = row.requirement;
  const head = `${id.padEnd(idColumn)}${level.padEnd(7)}${profile === 'core' ? '' : profile}`;
  return [head.trimEnd(), ...indented(says), ...indented(proofOf(row, shown))];
}

function proofOf({ requirement, cases, alongTheWay }: RegisterRow, shown: number): string {
  if (requirement.excluded !== undefined) return `Excluded: ${requirement.excluded}`;
  if (cases.length === 0) return `Proved along the way, in ${alongTheWay} case${alongTheWay === 1 ? '' : 's'}.`;
  const more = cases.length - shown;
  return `Cases: ${cases.slice(0, shown).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function indented(text: string): string[] {
  const lines = new Help().boxWrap(text, width - 2).split('\n');
  return lines.map((line) => `  ${line}`);
}
