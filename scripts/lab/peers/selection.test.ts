import { expect, test } from 'vitest';
import { comparedServers } from './selection.ts';

test('a sample is the beginning of the whole, and always the same', () => {
  const all = comparedServers({});
  const sample = comparedServers({ sample: 30 });
  expect(sample).toEqual(comparedServers({ sample: 30 }));
  expect(sample.filter(({ kind }) => kind === 'fault')).toEqual(
    all.filter(({ kind }) => kind === 'fault').slice(0, 30),
  );
  expect(sample.filter(({ kind }) => kind === 'control')).toHaveLength(10);
});

test('bulk faults and controls that break a SHOULD are left out', () => {
  const all = comparedServers({});
  expect(all.filter((server) => server.kind === 'fault' && server.requirement?.startsWith('bulk/'))).toEqual([]);
  expect(all.filter((server) => server.kind === 'control' && server.warns !== undefined)).toEqual([]);
});
