import { randomInt } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { TestProject } from 'vitest/node';
import { fixtureFlags, type Fixture } from '../call/fixture.ts';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { assertShardable, chooseCases } from '../cases/select.ts';
import { createSuite, type Suite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import { readRequirements } from '../contract/requirements.ts';
import { membersByPart } from '../run/features.ts';
import type { SuiteInput } from '../suite-run.ts';
import { printError } from './command-line.ts';
import { assertWanted, undertakingOf } from './consent.ts';
import type { Options } from './options.ts';
import { loadVariables, readOptions } from './read-options.ts';
import { findPlace, openTarget, type OpenTarget } from './target.ts';

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
export async function prepareRun(given: Options, warn: (remark: string) => void): Promise<PreparedRun> {
  assertSeedIsUsed(given);
  assertShardable(given);
  const { calls, profile: profiles, yes = false } = given;
  const contract = readContract();
  const place = await findPlace(given, contract);
  const options = {
    ...given,
    profiles,
    seed: given.seed ?? randomInt(2 ** 31),
    ...(calls !== undefined && { calls: findCallSource(calls) }),
  };
  const suite = createSuite(contract, readRequirements());
  assertFixtureFits(suite, place.fixture);
  const cases = chooseCases(suite, place.fixture, options);
  const open = await openTarget(options, place);
  try {
    open.remarks.forEach(warn);
    const { loopback } = open.target;
    const undertaking = loopback ? undefined : undertakingOf(suite, cases, open.target, calls !== undefined);
    if (undertaking !== undefined) await assertWanted(undertaking, yes);
    const { maxDuration = defaultDuration(cases, options) } = options;
    return { input: { target: { ...open.target, maxDuration }, options }, open, suite, cases };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** Returns the URL of the module that --calls names: a path, or the word for the source that the suite brings. */
function findCallSource(named: string): string {
  if (named !== 'voipnow') {
    if (statSync(named, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new InputError(`--calls ${named} is no file: expected a module, or voipnow.`);
    }
    return pathToFileURL(resolve(named)).href;
  }
  return new URL('../call/sources/voipnow.ts', import.meta.url).href;
}

/** The time limit of a run without requests, in seconds. */
const leastDuration = 120;

/** The pace of requests without --rate, per second: that of a slow server, and of one on which calls are placed too. */
const slowPace = { usual: 50, calls: 5 };

/** The requests of a case, its readings and its control, and of a generated value, on average. */
const requestsEach = 4;

/** Returns the time limit of a run that names none, in seconds: what its requests need, and some more. */
export function defaultDuration(
  cases: readonly (Case | FuzzCase)[],
  { rate, calls }: Pick<Options, 'rate' | 'calls'>,
): number {
  const pace = Math.min(rate ?? Infinity, calls === undefined ? slowPace.usual : slowPace.calls);
  const counts = cases.map((each) => ('batches' in each ? each.batches.reduce((sum, { count }) => sum + count, 0) : 1));
  const requests = requestsEach * counts.reduce((sum, count) => sum + count, 0);
  return leastDuration + Math.ceil(requests / pace);
}

/** @throws InputError if a seed is named, and nothing is to be generated. */
function assertSeedIsUsed({ fuzz, seed }: Options): void {
  if (fuzz !== undefined || seed === undefined) return;
  throw new InputError(`--seed ${seed} generates nothing by itself: say how many values with --fuzz N.`);
}

/** A value of the fixture, its option, and the part of a transfer that it becomes. */
type Part = readonly [flag: string, value: string | undefined, name: string];

/**
 * Asserts that a fixture keeps to the contract: a transfer of a call that breaks it could only be refused.
 *
 * @throws InputError that names the first option whose value is none, and what the contract expects.
 */
function assertFixtureFits({ constraints, validate }: Suite, fixture: Partial<Fixture>): void {
  for (const [flag, value, name] of listParts(fixture)) {
    const constraint = constraints.find((candidate) => candidate.name === name);
    if (value === undefined || constraint === undefined) continue;
    const pointer = constraint.place === 'path' ? `${constraint.pointer}/schema` : constraint.pointer;
    const [violation] = validate(pointer, value);
    if (violation !== undefined) {
      throw new InputError(`${flag} ${JSON.stringify(value)} is no ${name}: expected ${violation.expected}.`);
    }
  }
}

function listParts(fixture: Partial<Fixture>): Part[] {
  const { otherCalls = [], foreignCall, idleExtension } = fixture;
  const named = Object.entries(membersByPart).flatMap(([name, member]) => {
    const values = [fixture[member] ?? []].flat() as string[];
    return values.map((value): Part => [fixtureFlags[member], value, name]);
  });
  const { otherCalls: otherFlag, foreignCall: foreignFlag, idleExtension: idleFlag } = fixtureFlags;
  const others = [...otherCalls.map((call) => [otherFlag, call] as const), [foreignFlag, foreignCall] as const];
  return [
    ...named,
    ...others.flatMap(([flag, call]): Part[] => [
      [flag, call?.user, 'userId'],
      [flag, call?.extension, 'extension'],
      [flag, call?.call, 'phoneCallId'],
    ]),
    [idleFlag, idleExtension, 'extension'],
  ];
}

/**
 * Opens the target for `vitest --project conformance` with the options of variables and the configuration file, and
 * closes it at the end.
 *
 * @throws Error with one line, if an option, the contract or the target is not as it must be.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  loadVariables();
  const { options, explain } = await readOptions({}, process.env);
  try {
    const { input, open } = await prepareRun(options, (remark) => printError(process.stderr, `Warning: ${remark}`));
    project.provide('suite', input);
    return () => open.close();
  } catch (error) {
    throw explain(error);
  }
}
