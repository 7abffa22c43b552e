import { describe, expect, test } from 'vitest';
import type { CaseResult } from './model.ts';
import { sampleCase, sampleReport, sampleRun } from './testing/samples.ts';
import { mergeReports, type ShardReport } from './merge.ts';
import type { Settings } from '../cli/options.ts';
import type { Report } from './model.ts';

const control = sampleCase('pass', { id: 'transfer/plain', accepted: true });
const cases = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
  sampleCase('pass', { id: `body/${name}`, control: control.id }),
);

interface Difference extends Partial<Report> {
  readonly settings?: Settings;
}

/** The report of a shard of three: it has each third case, and the control before the last of them. */
function shard(index: number, differences: Difference = {}, own: CaseResult = control, count = 3): ShardReport {
  const dealt = cases.filter((_, place) => place % count === index - 1);
  const report = sampleReport(dealt.toSpliced(-1, 0, own));
  const settings = { ...sampleRun.settings, ...differences.settings, shard: `${index}/${count}` };
  return { file: `${index}/report.json`, report: { ...report, ...differences, settings } };
}

const whole = [...cases.slice(0, 4), control, ...cases.slice(4)].map(({ id }) => ({ id, effect: 'keeps' as const }));
const merge = (...shards: ShardReport[]) => mergeReports(shards, () => whole);

describe('merged shards', () => {
  test('have the cases in the order of one run, with the control once, and the time from first to last', () => {
    const later = shard(2, { startedAt: '2026-11-23T12:00:10.000Z', duration: 2000 });
    const { results, startedAt, duration, settings } = merge(later, shard(3), shard(1));
    expect(results.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect({ startedAt, duration }).toEqual({ startedAt: sampleRun.startedAt, duration: 12_000 });
    expect(settings).toEqual(sampleRun.settings);
  });

  test.each<[string, Partial<CaseResult>, Partial<CaseResult>]>([
    ['was refused', { accepted: false, verdict: 'fail' }, { accepted: true, verdict: 'fail' }],
    ['failed', { accepted: true, verdict: 'fail' }, { accepted: true, verdict: 'pass' }],
    ['was unreached', { accepted: false, verdict: 'unreached' }, { accepted: true, verdict: 'fail' }],
  ])('count a control that %s in one of them', (_, worse, better) => {
    const of = (members: Partial<CaseResult>) => ({ ...control, ...members });
    const { results } = merge(shard(1, {}, of(better)), shard(2, {}, of(worse)), shard(3, {}, of(better)));
    expect(results.filter(({ id }) => id === control.id)).toMatchObject([worse]);
  });

  test('say a remark of all once, and others with their shard', () => {
    const shards = [
      shard(1, { remarks: ['all'] }),
      shard(2, { remarks: ['one', 'all'] }),
      shard(3, { remarks: ['all'] }),
    ];
    const apart = shards.map(({ file, report }, place) => {
      return { file, report: { ...report, startedAt: `2026-11-23T12:00:${place}0.000Z` } };
    });
    expect(merge(...apart).remarks).toEqual(['all', 'shard 2/3: one']);
  });
});

const begun = (second: number) => ({ startedAt: new Date(sampleRun.startedAt + second * 1000).toISOString() });
const own = (call: string) => ({ settings: { ...sampleRun.settings, call } });
const used = 'used the same calls at the same time, so that effects may be mistaken: give each its own --call';

test.each<[when: string, shards: ShardReport[], remarks: unknown[]]>([
  [
    'at the same time',
    [shard(1), shard(2, begun(9)), shard(3, begun(1))],
    [expect.stringContaining(`shard 1/3, shard 3/3 ${used}`)],
  ],
  ['unless each had another', [shard(1, own('a')), shard(2, own('b')), shard(3, own('c'))], []],
  ['unless one after the other', [shard(1), shard(2, begun(5)), shard(3, begun(10))], []],
])('a call that shards used is remarked %s', (_, shards, remarks) => {
  expect(merge(...shards).remarks).toEqual(remarks);
});

const { settings } = shard(2).report;
const set = (members: Partial<Settings>) => shard(2, { settings: { ...settings, ...members } });
const known = {
  file: 'known.yaml',
  failures: [{ id: 'body', reason: 'r', line: 1, lastLine: 1, state: 'known' as const }],
};
const contract = { ...sampleRun.contract, sha256: 'd00d' };

test.each<[what: string, others: ShardReport[], message: string]>([
  [
    'a whole run',
    [{ file: 'a', report: sampleReport(cases) }],
    'a is the report of a whole run: expected that of a shard',
  ],
  ['two of three', [shard(3)], 'A shard is missing: name the folder of 2/3 too.'],
  ['one of three', [], '2 shards are missing: name the folder of 2/3, 3/3 too.'],
  ['one twice', [shard(2), shard(2)], '2/report.json and 2/report.json are both shard 2/3'],
  ['other profiles', [set({ profile: ['core', 'bulk'] })], 'its --profile is core bulk, not core.'],
  ['other cases', [set({ only: ['body'] })], 'its --only is body, not left out.'],
  ['strict and lenient ones', [set({ strict: true })], 'its --strict is true, not false.'],
  ['read-only ones and others', [set({ readOnly: true })], 'its --read-only is true, not false.'],
  ['other rates', [set({ rate: 5 })], 'its --rate is 5, not left out.'],
  ['other limits', [set({ timeout: 7 })], 'its --timeout is 7, not 5000.'],
  ['other numbers', [shard(2, {}, control, 4)], 'its number of shards is 4, not 3.'],
  ['other targets', [shard(2, { target: { name: 'b', origin: 'b' } })], 'its target is b, not https:'],
  ['other tools', [shard(2, { tool: { name: 't', version: '9' } })], 'its toolkit is t 9, not '],
  ['other contracts', [shard(2, { contract })], 'its contract is Transfer PhoneCalls 0.1.0, sha256 d00d, not '],
  ['other seeds', [set({ seed: 2 })], 'its --seed is 2, not left out.'],
  ['other lists', [shard(2, { known })], 'its list of known failures is body, not an empty one.'],
  ['other numbers of cases', [shard(2), shard(3, { cases: [] })], '/report.json has other cases'],
  ['shared cases', [shard(2), shard(3, { cases: shard(1).report.cases })], '/report.json has other cases'],
])('shards of one run are not %s', (_, others, message) => {
  expect(() => merge(shard(1), ...others)).toThrow(message);
});
