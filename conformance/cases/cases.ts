import { exampleFixture, type Fixture } from '../call/fixture.ts';
import { controlCase, type Case } from './case.ts';
import { derivedCases } from './derived.ts';
import type { Fuzz, FuzzCase } from './fuzz.ts';
import { namesOf, patternOf } from './pattern.ts';
import { controlTransfer } from './plan.ts';
import { authorizationCases } from './scenarios/authorization.ts';
import { bodyCases } from './scenarios/bodies.ts';
import { bulkCases } from './scenarios/bulk.ts';
import { effectCases } from './scenarios/effects.ts';
import { readingCases } from './scenarios/reading.ts';
import { repeatedCases } from './scenarios/repeated.ts';
import { transferCases } from './scenarios/transfers.ts';
import { unknownCases } from './scenarios/unknown.ts';
import { casesOfShard, type Shard } from './shard.ts';
import type { Suite } from './suite.ts';

/**
 * All cases of a suite, in the order in which they are run: what must be refused while the call is where it was, what
 * reads while it is watched whether that has late effects, and at last what moves it.
 */
export function allCases(suite: Suite, fixture: Partial<Fixture>): Case[] {
  const complete = { ...exampleFixture(suite.contract), ...fixture };
  const control = controlTransfer(suite.constraints, suite.mediaType, complete, complete.sendTo[0] ?? '');
  return [
    ...readingCases(suite),
    ...derivedCases(suite, control),
    ...unknownCases(suite),
    ...bodyCases(suite),
    ...authorizationCases(suite),
    ...effectCases(suite),
    ...transferCases(suite),
    ...repeatedCases(suite),
    ...bulkCases(suite),
  ].toSorted((one, other) => phase(one) - phase(other));
}

function phase({ id, effect }: Pick<Case, 'id' | 'effect'>): number {
  // Where there is one call only, and its transfer uses it up, it is the refusals' control that it is used for.
  return ['keeps', 'watches', 'reads', controlCase, 'moves', 'moves all'].indexOf(id === controlCase ? id : effect);
}

/** Which cases a run was asked for. */
export interface Selection {
  readonly profiles: readonly string[];
  /** Ids of cases or requirements, in which `*` stands for anything; all if empty. */
  readonly only: readonly string[];
  /** What is generated beside the cases that are there always, if anything. */
  readonly fuzz: Fuzz | undefined;
  /** The part of them that is run, if they are split over several processes. */
  readonly shard?: Shard | undefined;
}

/** The cases that a run was asked for, of all shards or of its own. */
export async function selectedCases(
  suite: Suite,
  fixture: Partial<Fixture>,
  selection: Selection,
): Promise<(Case | FuzzCase)[]> {
  return casesOfShard(await wantedCases(suite, fixture, selection), selection.shard);
}

async function wantedCases(
  suite: Suite,
  fixture: Partial<Fixture>,
  { profiles, only, fuzz }: Selection,
): Promise<(Case | FuzzCase)[]> {
  const profileOf = new Map(suite.requirements.map(({ id, profile }) => [id, profile]));
  const patterns = only.map(patternOf);
  const cases = [...allCases(suite, fixture), ...(await generatedCases(suite, fixture, fuzz))]
    .filter(({ requirement }) => profiles.includes(profileOf.get(requirement) ?? ''))
    .toSorted((one, other) => phase(one) - phase(other));
  if (patterns.length === 0) return cases;
  const wanted = cases.filter((testCase) =>
    namesOf(testCase).some((name) => patterns.some((pattern) => pattern.test(name))),
  );
  // A refusal proves nothing without its control.
  const controls = new Set(wanted.map(({ control }) => control));
  return cases.filter((testCase) => wanted.includes(testCase) || controls.has(testCase.id));
}

async function generatedCases(suite: Suite, fixture: Partial<Fixture>, fuzz: Fuzz | undefined): Promise<FuzzCase[]> {
  if (fuzz === undefined) return [];
  // What generates values is not loaded by runs that need none.
  const { fuzzCases } = await import('./fuzz.ts');
  return fuzzCases(suite, fixture, fuzz);
}
