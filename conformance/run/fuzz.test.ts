import { describe, expect, test } from 'vitest';
import { startMock } from '../mock/mock.ts';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { accepting, matching, refusing } from '../../scripts/lab/servers/plain/variations.ts';
import type { RunningServer } from '../mock/listener.ts';
import type { CaseResult } from './result.ts';
import { examineTarget, fixture, suite, targetAt } from './testing/examine.ts';
import { closeAfterTest, servePlain } from '../testing/servers.ts';

async function resultsOf(server: RunningServer, part: string, values: number, seed: number): Promise<CaseResult[]> {
  const { results } = await examineTarget(targetAt(server.url), { only: [part], fuzz: values, seed });
  // Their control comes with them.
  return results.filter(({ id }) => id.startsWith('fuzz/'));
}

/** The values of a member that failing cases were shrunk to, from a server that behaves otherwise than documented. */
async function failingValues(member: string, behaviour: Partial<Behaviour>): Promise<unknown[]> {
  const results = await resultsOf(await servePlain({ behaviour }), `fuzz/body/${member}`, 400, 42);
  return results
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ exchanges }) => (JSON.parse(exchanges[0]?.request.body ?? '{}') as Record<string, unknown>)[member]);
}

describe('a server is found that accepts', () => {
  test('a number with an extension behind it', async () => {
    const accepts = accepting('transferFromNumber', matching(/^[0-9*]+;ext=\d+$/));
    const values = await failingValues('transferFromNumber', accepts);
    for (const value of values) expect(value).toMatch(/^[0-9*]+;ext=\d+$/);
    expect(values).toContainEqual(expect.stringMatching(/;ext=1$/));
  });

  test('parameters behind the number that the call is sent to', async () => {
    const values = await failingValues('sendCallTo', accepting('sendCallTo', matching(/^\+?[0-9]{7,};/)));
    for (const value of values) expect(fixture.sendTo).toContain(String(value).replace(';', ''));
    expect(values.length).toBeGreaterThan(0);
  });

  test('Tamil digits', async () => {
    const values = await failingValues(
      'transferNumber',
      accepting('transferNumber', matching(/^[\d*\u0be6-\u0bef]+$/)),
    );
    for (const value of values) expect(value).toMatch(/^[0-9*]*[\u0be6-\u0bef][0-9*]*$/);
    expect(values.length).toBeGreaterThan(0);
  });

  test('anything longer than 30 characters', async () => {
    const isLong = (value: unknown) => typeof value === 'string' && value.length > 30;
    const values = await failingValues('sendCallTo', accepting('sendCallTo', isLong));
    // A character beyond the first plane has the length two.
    for (const value of values) expect([31, 32]).toContain((value as string).length);
    expect(values.length).toBeGreaterThan(0);
  });

  test('an empty list', async () => {
    const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
    const values = await failingValues('transferNumber', accepting('transferNumber', isEmpty));
    expect(values[0]).toEqual([]);
  });
});

test('a server is found whose refusals are no JSON where a control character was sent', async () => {
  const behaviour = refusing('transferNumber', (answer, { action }) => {
    const isOdd = /\p{Cc}/u.test(String(action?.['transferNumber']));
    return isOdd ? { ...answer, body: '<h1>400</h1>', headers: { 'content-type': 'text/html' } } : answer;
  });
  const values = await failingValues('transferNumber', behaviour);
  for (const value of values) expect(String(value)).toMatch(/^\P{Cc}*\p{Cc}\P{Cc}*$/u);
  expect(values.length).toBeGreaterThan(0);
});

test('what was found says how, and is the same for the same seed', async () => {
  const faulty = () => servePlain({ behaviour: accepting('sendCallTo', matching(/^\d+[^\d]$/)) });
  const first = await resultsOf(await faulty(), 'fuzz/body/sendCallTo', 100, 7);
  const second = await resultsOf(await faulty(), 'fuzz/body/sendCallTo', 100, 7);
  const essence = ({ verdict, fuzz, exchanges }: CaseResult) => [verdict, fuzz, exchanges[0]?.request.body];
  expect(first.map(essence)).toEqual(second.map(essence));
  expect(first.map(({ verdict }) => verdict)).toContain('fail');
  expect(first[0]).toMatchObject({ fuzz: { seed: 7 }, exchanges: [{ request: { method: 'PUT' } }] });
});

describe('nothing is found in', () => {
  const servers = {
    'the plain server': () => servePlain(),
    'the mock': async () => closeAfterTest(await startMock({ contract: suite.contract, tokens: ['proof-token'] })),
  };
  test.each(Object.entries(servers))('%s', async (_, start) => {
    const results = await resultsOf(await start(), 'fuzz', 200, 2026);
    expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(results.reduce((sum, { fuzz }) => sum + (fuzz?.tried ?? 0), 0)).toBe(1600);
  });
});
