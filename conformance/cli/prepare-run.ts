import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Case } from '../cases/case.ts';
import type { Fuzz, FuzzCase } from '../cases/fuzz.ts';
import { selectCases, selectShard, parseShard } from '../cases/select.ts';
import { createSuite, type Suite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import { readRequirements } from '../contract/requirements.ts';
import type { SuiteInput } from '../suite-run.ts';
import { assertWanted } from './consent.ts';
import { assertFixtureFits } from './fixture-patterns.ts';
import { assertPatternsMatch } from './only.ts';
import type { ConformanceOptions } from './run-options.ts';
import { assertShardable, assertShardHasCases } from './shard.ts';
import { openTarget, type OpenTarget } from './target.ts';
import { undertakingOf } from './undertaking.ts';

/** A run whose target is open, before anything is sent to it. */
export interface PreparedRun {
  readonly input: SuiteInput;
  readonly open: OpenTarget;
  readonly suite: Suite;
  readonly cases: readonly (Case | FuzzCase)[];
}

/**
 * Opens the target that the options name, selects the cases, and asks for consent where calls of a live system move.
 *
 * @param warn - Receives each remark on the target.
 * @throws Error with one line, if an option, the contract or the target is not as it must be, or consent is refused.
 */
export async function prepareRun(options: ConformanceOptions, warn: (remark: string) => void): Promise<PreparedRun> {
  const { only = [], profile: profiles = ['core'], selfCheck = false, yes = false } = options;
  const fuzz = readFuzz(options);
  assertShardable(options);
  const contract = readContract();
  const open = await openTarget(options, contract);
  try {
    const { target } = open;
    open.remarks.forEach(warn);
    const calls = options.calls === undefined ? undefined : pathToFileURL(resolve(options.calls)).href;
    const suite = createSuite(contract, readRequirements());
    const selection = { profiles, only, fuzz, shard: parseShard(options.shard) };
    const allCases = selectCases(suite, target.fixture, { ...selection, shard: undefined });
    assertFixtureFits(suite, target.fixture);
    assertPatternsMatch(only, { suite, profiles, cases: allCases });
    assertShardHasCases(selection.shard, allCases);
    const cases = selectShard(allCases, selection.shard);
    const undertaking = target.loopback ? undefined : undertakingOf(suite, cases, target, calls !== undefined);
    if (undertaking !== undefined) await assertWanted(undertaking, yes);
    return { input: { target, selection, calls, selfCheck }, open, suite, cases };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/**
 * Reads how many values are generated, from a random seed if none is named.
 *
 * @throws InputError if a seed is named, and nothing is to be generated.
 */
function readFuzz({ fuzz: values, seed }: ConformanceOptions): Fuzz | undefined {
  if (values === undefined && seed !== undefined) {
    throw new InputError(`--seed ${seed} generates nothing by itself: say how many values with --fuzz N.`);
  }
  return values === undefined || values === 0 ? undefined : { values, seed: seed ?? randomInt(2 ** 31) };
}
