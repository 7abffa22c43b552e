import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareReports } from '../report/compare.ts';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { documented, newSwitchboard, type Call } from '../../scripts/lab/servers/plain/documented.ts';
import { accepting, rejecting } from '../../scripts/lab/servers/plain/variations.ts';
import { showSharedOptions } from './options.ts';
import { readReport } from '../report/report-files.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { servePlain } from '../testing/servers.ts';

const count = 2;

const folder = makeTemporaryFolder();

/**
 * The calls of each shard: the one that it transfers, and others in the same extension and in another one. Their ids
 * differ in more than a place, since the suite tries its neighbours.
 */
const calls = Array.from({ length: count }, (_, place) => ({
  own: template('b817d2618fe6f1804333', place),
  same: template('c4d90aa1b7e25f604418', place),
  other: template('9f3e51d07ab8426c1177', place),
}));

function template(id: string, place: number): Call {
  const call = newSwitchboard().calls.find((known) => known.id === id) as Call;
  return { ...call, id: `${place}${id.slice(1, 9)}${place}${id.slice(10)}` };
}

/** The flags that name the calls of a shard. */
function flagsOf({ own, same, other }: (typeof calls)[number]): string[] {
  return ['--call', own.id, '--other-call', same.id, '--other-call', `${other.extension}/${other.id}`];
}

/** A server with calls for each shard. */
function startServer(behaviour: Partial<Behaviour>) {
  const all = calls.flatMap(({ own, same, other }) => [own, same, other]).map((call) => ({ ...call }));
  const find: Behaviour['find'] = (address, switchboard) => documented.find(address, { ...switchboard, calls: all });
  return servePlain({ behaviour: { ...behaviour, find } });
}

function run(url: string, report: string, ...options: string[]) {
  return runInProcess([url, '--no-config', '--report', report, ...options], { CONFORMANCE_TOKEN: 'proof-token' });
}

function merge(report: string, ...folders: string[]) {
  return runInProcess(['merge', ...folders, '--report', report]);
}

describe('shards find what one run does, on', { timeout: 300_000 }, () => {
  test.each<[string, Partial<Behaviour>, string[], number]>([
    ['a server that is right', {}, ['--only', 'path', '--only', 'effects'], 0],
    [
      'one that takes any transferFromNumber',
      accepting('transferFromNumber', () => true),
      ['--only', 'body/transfer*'],
      1,
    ],
    [
      'one that refuses every transfer',
      rejecting('sendCallTo', () => true),
      ['--only', 'path', '--only', 'transfer'],
      // The numbers are examples that the user did not name: it may be right.
      3,
    ],
  ])('%s', async (name, behaviour, only, exitCode) => {
    const server = await startServer(behaviour);
    const place = (part: string) => join(folder, name, part);
    const shards = calls.map((own, index) => ({
      flags: flagsOf(own),
      shard: `${index + 1}/${count}`,
      report: place(String(index + 1)),
    }));
    const whole = await run(server.url, place('whole'), ...only, ...(shards[0]?.flags ?? []));
    for (const { flags, shard, report } of shards) {
      await run(server.url, report, ...only, ...flags, '--shard', shard);
    }
    const together = await merge(place('merged'), ...shards.map(({ report }) => report).toReversed());
    expect([whole.exitCode, together.exitCode]).toEqual([exitCode, exitCode]);
    expect(together.stdout.trimEnd().split('\n').at(-1)).toBe(whole.stdout.trimEnd().split('\n').at(-1));
    const one = readReport(join(place('whole'), 'report.json'));
    const merged = readReport(join(place('merged'), 'report.json'));
    expect(compareReports(one, merged)).toMatchObject({ isWorse: false, warnings: [], requirements: [], cases: [] });
    expect(showSharedOptions(merged.settings)).toEqual(showSharedOptions(one.settings));
    expect(merged.remarks).toEqual([]);
    expect((await readdir(place('merged'))).toSorted()).toEqual((await readdir(place('whole'))).toSorted());
    expect(await readFile(join(place('1'), 'summary.md'), 'utf8')).toContain('shard     1 of 2');
  });

  test('a report that is missing is told in a line', async () => {
    expect(await merge(join(folder, 'out'), join(folder, 'a server that is right', '1'))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'A shard is missing: name the folder of 2/2 too.\n',
    });
  });
});
