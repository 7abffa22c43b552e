import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sharesOf } from './profile.ts';

/** A profile in which each place takes so long. */
function profileOf(times: Readonly<Record<string, number>>): string {
  const places = Object.keys(times);
  const nodes = places.map((place, id) => ({
    id,
    callFrame:
      place.includes('/') || place.startsWith('node:')
        ? { functionName: 'run', url: place }
        : { functionName: place, url: '' },
  }));
  return JSON.stringify({ nodes, samples: places.map((_, id) => id), timeDeltas: Object.values(times) });
}

function folderOf(...profiles: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  profiles.forEach((profile, index) => writeFileSync(join(folder, `CPU.${index}.cpuprofile`), profile));
  return folder;
}

test('the busiest thread is told, without its idle time, the largest share first', () => {
  const run = { '(idle)': 900, 'file:///r/conformance/target/guard.ts': 30, 'node:_http_client': 50, unknown: 20 };
  const folder = folderOf(profileOf({ '(idle)': 5000, 'node:net': 99 }), profileOf(run));
  expect(sharesOf(folder)).toEqual([
    { area: 'HTTP client of Node.js', share: 50 },
    { area: 'the guard', share: 30 },
    { area: 'anything else', share: 20 },
  ]);
});

test.each([
  ['(garbage collector)', 'collecting garbage'],
  ['writeUtf8String', 'reading and writing sockets'],
  ['file:///r/node_modules/fast-check/lib/fast-check.js', 'generating values'],
  ['file:///r/conformance/cases/fuzz-values.ts', 'generating values'],
  ['file:///r/conformance/cases/plan.ts', 'running cases'],
  ['file:///r/conformance/run/self-check.ts', 'holding requests against the contract'],
  ['file:///r/conformance/checks/body.ts', 'holding answers against the contract'],
  ['file:///r/conformance/target/transport.ts', 'transport'],
])('%s is %s', (place, area) => {
  expect(sharesOf(folderOf(profileOf({ [place]: 1 })))).toEqual([{ area, share: 100 }]);
});

test('a folder without profiles is named', () => {
  const folder = folderOf();
  expect(() => sharesOf(folder)).toThrow(`There is no profile in ${folder}: expected files from --cpu-prof.`);
});
