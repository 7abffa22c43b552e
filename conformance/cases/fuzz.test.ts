import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import { readRequirements } from '../contract/requirements.ts';
import { exampleFixture, type Fixture } from '../call/fixture.ts';
import { assertHarmless } from '../target/guard.ts';
import { dialled } from './fuzz-values.ts';
import { fuzzCases, type FuzzCase } from './fuzz.ts';
import { bearer, bodyObject, controlTransfer, serialise, type RequestPlan } from './plan.ts';
import { createSuite } from './suite.ts';

const contract = readContract();
const suite = createSuite(contract, readRequirements());
const fixture = exampleFixture(contract);
const names = ['userId', 'extension', 'phoneCallId', 'action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

function plansOf({ recipes, batches }: FuzzCase, live: Fixture = fixture): RequestPlan[] {
  const control = controlTransfer(suite, live, live.sendTo[0] ?? '');
  return batches
    .flatMap(({ seed, count }) => fc.sample(recipes, { seed, numRuns: count }))
    .flatMap((send) => send?.(control, live) ?? []);
}

function valueIn(plan: RequestPlan, name: string): JsonValue | undefined {
  return plan.path[name] ?? bodyObject(plan)[name];
}

const valuesOf = (cases: readonly FuzzCase[]) =>
  cases.flatMap((fuzzCase) => plansOf(fuzzCase).map((plan) => valueIn(plan, fuzzCase.id.split('/')[2] ?? '')));

describe('generated values', () => {
  test('are made for every constraint that has a refusal, and for calls that do not exist', () => {
    const ids = fuzzCases(suite, fixture, { values: 120, seed: 1 }).map(({ id }) => id);
    const parts = [...names.slice(0, 3).map((name) => `path/${name}`), ...names.slice(3).map((name) => `body/${name}`)];
    const expected = [...parts, 'path/phoneCallId/unknown'].flatMap((part) =>
      ['1-50', '51-100', '101-120'].map((range) => `fuzz/${part}/${range}`),
    );
    expect(ids).toEqual(expected);
  });

  test('are the same for the same seed, however many there are', () => {
    const [few, many] = [70, 150].map((values) => fuzzCases(suite, fixture, { values, seed: 42 }));
    const start = (id: string) => id.replace(/-\d+$/, '-');
    for (const fuzzCase of few ?? []) {
      const same = many?.find(({ id }) => start(id) === start(fuzzCase.id));
      const values = valuesOf([fuzzCase]);
      expect(valuesOf(same ? [same] : []).slice(0, values.length)).toEqual(values);
    }
  });

  test('are those of few cases, if they are many', () => {
    const [few = [], many = []] = [100, 20_030].map((values) => fuzzCases(suite, fixture, { values, seed: 42 }));
    expect(many.length).toBe(81 * 8);
    const ids = many.filter(({ id }) => id.includes('userId')).map(({ id }) => id.split('/').at(-1));
    expect([ids[0], ids[1], ids.at(-1)]).toEqual(['1-250', '251-500', '20001-20030']);
    expect(few.slice(0, 2).flatMap(({ batches }) => batches)).toEqual(many[0]?.batches.slice(0, 2));
    const counts = many.slice(0, 81).flatMap(({ batches }) => batches.map(({ count }) => count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20_030);
  });

  test('differ with the seed, and from one case to the next', () => {
    const [one = [], other = []] = [1, 2].map((seed) => fuzzCases(suite, fixture, { values: 100, seed }));
    expect(valuesOf(one)).not.toEqual(valuesOf(other));
    expect(valuesOf(one.slice(0, 1))).not.toEqual(valuesOf(one.slice(1, 2)));
  });

  test('do not depend on where the call is', () => {
    const moved = { ...fixture, sendTo: fixture.sendTo.toReversed() };
    const cases = fuzzCases(suite, fixture, { values: 100, seed: 3 }).filter(({ id }) => id.includes('sendCallTo'));
    const changed = cases.flatMap((fuzzCase) => plansOf(fuzzCase, moved).map((plan) => valueIn(plan, 'sendCallTo')));
    expect(changed).toEqual(valuesOf(cases));
  });
});

describe.each(['example', '@me'])('requests with generated values, User %s', (user) => {
  const live = { ...fixture, user: user === 'example' ? fixture.user : user };
  const cases = fuzzCases(suite, live, { values: 400, seed: 5 });

  test('break what their case says and nothing else', () => {
    for (const fuzzCase of cases) {
      for (const plan of plansOf(fuzzCase, live)) {
        const broken = suite.constraints
          .filter(({ place, name, pointer }) => {
            const schema = place === 'path' ? `${pointer}/schema` : pointer;
            return suite.validate(schema, valueIn(plan, name) ?? null).length > 0;
          })
          .map(({ place, name }) => `${place}/${name}`);
        expect(broken, JSON.stringify(plan)).toEqual(fuzzCase.breaks);
      }
    }
  });

  test('are let through by the guard, and could dial no other number, however they are read', () => {
    const sendTo = live.sendTo;
    const permission = {
      basePath: '',
      sendTo,
      isNumber: (value: unknown) => sendTo.includes(String(value)),
      bulk: false,
      loopback: false,
    };
    const dialable = sendTo.map(dialled);
    for (const plan of cases.flatMap((fuzzCase) => plansOf(fuzzCase, live))) {
      assertHarmless(serialise({ ...plan, authorization: bearer }, '', 'token'), permission);
      const digits = dialled(JSON.stringify(valueIn(plan, 'sendCallTo')).replaceAll(/\\u[0-9a-f]{4}/g, ''));
      expect(['', ...dialable]).toContain(digits);
      for (const segment of Object.values(plan.path)) {
        expect(segment).toMatch(/[A-Za-z0-9]/);
        expect(segment.normalize('NFKC')).not.toMatch(/[/\\%#?\0]/);
      }
    }
  });
});
