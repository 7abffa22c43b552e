import type { Fixture } from '../call/fixture.ts';
import { controlCase, type Case } from './case.ts';
import { allCases, sortByPhase } from './cases.ts';
import { fuzzCases, type FuzzCase } from './fuzz.ts';
import type { Suite } from './suite.ts';
import { didYouMean, InputError } from '../contract/input-error.ts';

/** The choice of cases for a run, by the names of its options. */
export interface Selection {
  readonly profiles: readonly string[];
  /** Ids of cases or requirements, in which `*` stands for any text; all if empty. */
  readonly only?: readonly string[] | undefined;
  /** Ids of cases or requirements that are not run, even if `only` has them. */
  readonly exclude?: readonly string[] | undefined;
  /** The number of values to generate for each constraint. */
  readonly fuzz?: number | undefined;
  readonly seed?: number | undefined;
  /** The part to run, INDEX/COUNT, if the cases are split over several processes. */
  readonly shard?: string | undefined;
  readonly selfCheck?: boolean | undefined;
}

/** Tells whether a selection leaves cases of its profiles out. */
export function isPartial({ only = [], exclude = [], shard }: Omit<Selection, 'profiles'>): boolean {
  return shard !== undefined || only.length > 0 || exclude.length > 0;
}

/** One of the parts that the cases of a run are split into, each for its own process. */
export interface Shard {
  /** Its number, from 1. */
  readonly index: number;
  /** The number of parts. */
  readonly count: number;
}

/** Reads INDEX/COUNT; undefined if a run is not split. */
export function parseShard(part: string | undefined): Shard | undefined {
  if (part === undefined) return undefined;
  const [index = 0, count = 0] = part.split('/').map(Number);
  return { index, count };
}

/**
 * Chooses the cases of a run.
 *
 * @throws InputError with one line, if a part of the selection matches nothing, or parts contradict each other.
 */
export function chooseCases(suite: Suite, fixture: Partial<Fixture>, selection: Selection): (Case | FuzzCase)[] {
  const { profiles, only = [], exclude = [], fuzz, seed } = selection;
  const known = selectCases(suite, fixture, { profiles, fuzz, seed });
  assertPatternsMatch(only, { suite, profiles, cases: selectByPatterns(known, only) });
  assertPatternsMatch(exclude, { suite, profiles, cases: known }, '--exclude');
  const cases = selectByPatterns(known, only, exclude);
  if (cases.length === 0) throw new InputError('--exclude leaves no case to run: see --list for their ids.');
  const shard = parseShard(selection.shard);
  assertShardHasCases(shard, cases);
  return selectShard(cases, shard);
}

/** Selects the cases of a run: of its shard, or of all shards if it names none. */
export function selectCases(suite: Suite, fixture: Partial<Fixture>, selection: Selection): (Case | FuzzCase)[] {
  const { profiles, only = [], exclude = [], fuzz: values = 0, seed = 0, shard } = selection;
  const profileById = new Map(suite.requirements.map(({ id, profile }) => [id, profile]));
  const generated = values === 0 ? [] : fuzzCases(suite, fixture, { values, seed });
  const cases = sortByPhase([...allCases(suite, fixture), ...generated]).filter(({ profile, requirement }) =>
    profiles.includes(profile ?? profileById.get(requirement) ?? ''),
  );
  return selectShard(selectByPatterns(cases, only, exclude), parseShard(shard));
}

/** Selects the cases that patterns of `only` name, or all if there are none, except those that `exclude` names. */
export function selectByPatterns<Any extends Case | FuzzCase>(
  cases: readonly Any[],
  only: readonly string[],
  exclude: readonly string[] = [],
): readonly Any[] {
  if (only.length === 0 && exclude.length === 0) return cases;
  const [included, excluded] = [only.map(parsePattern), exclude.map(parsePattern)];
  const matches = (names: readonly string[], patterns: readonly IdPattern[]) =>
    names.some((name) => patterns.some((pattern) => pattern.test(name)));
  const wanted = new Set(
    cases.filter(
      (testCase) =>
        (only.length === 0 || matches(listNames(testCase), included)) &&
        // Not by its checks: a case that proves more than an excluded requirement is still run.
        !matches([testCase.id, testCase.requirement], excluded),
    ),
  );
  // Without those that come first, they prove nothing.
  const earlier = new Set([...wanted].flatMap(({ control, after }) => [control, after]));
  return cases.filter((testCase) => wanted.has(testCase) || earlier.has(testCase.id));
}

/**
 * Selects the cases of a shard, in their order. Cases are dealt out one by one, so that all shards have about as many of
 * each phase. The control and the case that watches for late effects are in every shard.
 */
export function selectShard<Any extends Pick<Case, 'id' | 'effect'>>(
  cases: readonly Any[],
  shard: Shard | undefined,
): Any[] {
  if (shard === undefined) return [...cases];
  const { index, count } = shard;
  const dealt = cases.filter((testCase) => !isInEveryShard(testCase));
  const own = new Set(dealt.filter((_, place) => place % count === index - 1));
  return cases.filter((testCase) => isInEveryShard(testCase) || own.has(testCase));
}

/** Tells whether every shard runs a case. */
export function isInEveryShard({ id, effect }: Pick<Case, 'id' | 'effect'>): boolean {
  return id === controlCase || effect === 'watches';
}

/** A matcher of ids. */
export interface IdPattern {
  test(id: string): boolean;
}

/**
 * Parses a pattern of ids: a whole id, the beginning of ids up to a slash, or either with `*` for any text. It does not
 * become a regular expression, because many stars would make one explode.
 */
export function parsePattern(text: string): IdPattern {
  const pieces = text.split(/\*+/);
  const piecesBelow = [...pieces.slice(0, -1), `${pieces.at(-1)}/`, ''];
  return { test: (id) => consistsOf(id, pieces) || consistsOf(id, piecesBelow) };
}

/** Tells whether a text begins with the first piece, ends with the last, and has the others in order in between. */
function consistsOf(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let end = first.length;
  for (const piece of others) {
    const start = text.indexOf(piece, end);
    if (start === -1) return false;
    end = start + piece.length;
  }
  return text.length - last.length >= end && text.endsWith(last);
}

/** The ids of a case, of one that is to be run or that was. */
interface NamedCase extends Pick<Case, 'id' | 'requirement'> {
  readonly checks: readonly { readonly requirement: string }[];
}

/** Lists the ids by which a case can be selected: its id, and those of the requirements that it proves. */
export function listNames({ id, requirement, checks }: NamedCase): string[] {
  return [id, requirement, ...checks.map((check) => check.requirement)];
}

/**
 * Asserts that a run may be split.
 *
 * @throws InputError with one line, if its shards would not be parts of one run.
 */
export function assertShardable({ shard, fuzz = 0, seed, selfCheck = false }: Omit<Selection, 'profiles'>): void {
  if (shard === undefined) return;
  if (fuzz > 0 && seed === undefined) {
    throw new InputError(`--shard ${shard} with --fuzz ${fuzz}: name the same --seed for all shards.`);
  }
  if (selfCheck) {
    throw new InputError(`--shard ${shard} and --self-check exclude each other: it takes the answers of all cases.`);
  }
}

/**
 * Asserts that there is something in a shard that the others have not.
 *
 * @throws InputError with one line, if there are more shards than cases.
 */
export function assertShardHasCases(named: Shard | undefined, cases: readonly Pick<Case, 'id' | 'effect'>[]): void {
  const dealt = cases.filter((testCase) => !isInEveryShard(testCase)).length;
  if (named === undefined || named.count <= Math.max(dealt, 1)) return;
  const { index, count } = named;
  throw new InputError(`--shard ${index}/${count}: the run has too few cases: expected a COUNT of at most ${dealt}.`);
}

/** The cases that patterns of `--only` were applied to. */
interface Selected {
  readonly suite: Suite;
  readonly profiles: readonly string[];
  readonly cases: readonly Pick<Case, 'id' | 'requirement' | 'profile' | 'checks'>[];
}

/**
 * Asserts that each pattern of `--only`, or of another flag, matches a case.
 *
 * @throws InputError that names the first pattern that matches none, and what may have been meant.
 */
export function assertPatternsMatch(patterns: readonly string[], selected: Selected, flag = '--only'): void {
  const names = selected.cases.flatMap(listNames);
  const unmatched = patterns.find((text) => {
    const pattern = parsePattern(text);
    return !names.some((name) => pattern.test(name));
  });
  if (unmatched !== undefined) throw new InputError(`${flag} ${unmatched}: ${explainMismatch(unmatched, selected)}`);
}

function explainMismatch(text: string, { suite, profiles, cases }: Selected): string {
  const { requirements } = suite;
  const pattern = parsePattern(text);
  const all = [...allCases(suite, {}), ...cases];
  const match = all.find((testCase) => listNames(testCase).some((name) => pattern.test(name)));
  const findProfile = (testCase: (typeof all)[number]) =>
    testCase.profile ?? requirements.find(({ id }) => id === testCase.requirement)?.profile ?? '';
  if (match !== undefined) return `matches cases of another profile only: add --profile ${findProfile(match)}.`;
  const excluded = requirements.find(({ id, excluded: why }) => why !== undefined && pattern.test(id));
  if (excluded !== undefined) return `no case can prove ${excluded.id}: ${excluded.excluded}`;
  if (text.startsWith('fuzz/') && !cases.some(({ id }) => id.startsWith('fuzz/'))) {
    return 'matches no case: what begins with fuzz/ is generated by --fuzz N.';
  }
  const names = all.filter((testCase) => profiles.includes(findProfile(testCase))).flatMap(listNames);
  const suggestion = didYouMean(text.replaceAll(/\*+/g, '*').replace(/\/?\*$/, ''), [
    ...new Set(names.flatMap(listBeginnings)),
  ]);
  return `matches no case${suggestion || '.'} See --list.`;
}

/** Lists an id and its groups. */
function listBeginnings(id: string): string[] {
  return id.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
}
