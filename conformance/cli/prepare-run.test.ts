import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { defaultDuration, prepareRun } from './prepare-run.ts';
import { defaultOptions, type NamedOptions } from './options.ts';

const only = ['body/sendCallTo'];

let server: Awaited<ReturnType<typeof startPlainServer>>;
beforeAll(async () => {
  server = await startPlainServer({ tokens: ['token'] });
});
afterAll(() => server.close());

function prepare(changed: NamedOptions = {}) {
  return prepareRun({ ...defaultOptions, url: server.url, token: 'token', only, ...changed }, () => undefined);
}

test('a run that is prepared has its target, its cases and all requirements', async () => {
  const { input, cases, suite, open } = await prepare({ calls: 'voipnow' });
  await open.close();
  expect(cases.length).toBeGreaterThan(20);
  expect(suite.requirements.map(({ profile }) => profile)).toContain('bulk');
  expect(input).toMatchObject({
    target: { baseUrl: server.url, token: 'token' },
    options: { only, profiles: ['core'], calls: expect.stringMatching(/^file:.*voipnow\.ts$/) },
  });
  // Threads receive it.
  expect(structuredClone(input)).toEqual(input);
});

test('cases that are excluded are not run, even those of --only, but for a control that others need', async () => {
  const { open, cases } = await prepare({ exclude: ['body/sendCallTo/*ing', 'transfer'] });
  await open.close();
  const ids = cases.map(({ id }) => id);
  expect(ids).toContain('transfer/plain');
  expect(ids).toContain('body/sendCallTo/empty');
  expect(ids).not.toContain('body/sendCallTo/missing');
});

test('the time limit of a run follows from its requests', () => {
  const cases = Array.from({ length: 250 }, () => ({}) as Case);
  const generated = [{ batches: [{ count: 1000 }, { count: 500 }] } as unknown as FuzzCase];
  expect(defaultDuration([], {})).toBe(120);
  expect(defaultDuration(cases, {})).toBe(140);
  expect(defaultDuration(cases, { rate: 2 })).toBe(620);
  expect(defaultDuration(cases, { rate: 100, calls: 'calls.ts' })).toBe(320);
  expect(defaultDuration(generated, {})).toBe(240);
});

test('each remark on the target is told as a warning', async () => {
  const warnings: string[] = [];
  const { open } = await prepareRun({ ...defaultOptions, url: server.url, only }, (remark) => warnings.push(remark));
  expect(warnings).toEqual(open.remarks);
});

describe('one line tells, before anything is sent,', () => {
  test.each<[string, NamedOptions, RegExp]>([
    ['a party that breaks the contract', { from: '٣' }, /^--from "٣" is no transferFromNumber: expected /],
    ['another such party', { number: '1\n' }, /^--number "1\\n" is no transferNumber: expected /],
    ['such a call', { call: 'b817 d261' }, /^--call "b817 d261" is no phoneCallId: expected text that matches /],
    ['such an extension', { extension: 'a/b' }, /^--extension "a\/b" is no extension: expected /],
    ['such a User', { user: '..' }, /^--user ".." is no userId: expected /],
    ['such a number', { sendTo: ['0003*100', 'abc'] }, /^--send-to "abc" is no sendCallTo: expected /],
    ['such another call', { otherCall: ['0003*210/..'] }, /^--other-call ".." is no phoneCallId: expected /],
    [
      'a foreign call without its User',
      { foreignCall: '0003*300/e5a0' },
      /^--foreign-call .*: expected USER\/EXTENSION\/ID/,
    ],
    ['such a foreign call', { foreignCall: '13/0003*300/..' }, /^--foreign-call ".." is no phoneCallId: expected /],
    ['such an idle extension', { idleExtension: ' ' }, /^--idle-extension " " is no extension: expected /],
    ['an exclusion of nothing', { exclude: ['bdy'] }, /^--exclude bdy: matches no case: did you mean body\?/],
    ['an exclusion of everything', { exclude: ['body'] }, /^--exclude leaves no case to run: /],
    ['more shards than cases', { shard: '1/1000' }, /^--shard 1\/1000: the run has too few cases: /],
    ['a seed of nothing', { seed: 1 }, /^--seed 1 generates nothing by itself/],
  ])('%s', async (_, changed, message) => {
    await expect(prepare(changed)).rejects.toThrow(message);
  });
});
