import { parseShard, assertShardable } from '../cases/select.ts';
import { expect, test } from 'vitest';
import { checkValue, shardPart } from './option-values.ts';

test.each([
  ['1/1', { index: 1, count: 1 }],
  ['2/4', { index: 2, count: 4 }],
  ['1000/1000', { index: 1000, count: 1000 }],
])('%s is a shard', (value, read) => {
  expect(checkValue(shardPart(), value, '--shard')).toBe(value);
  expect(parseShard(value)).toEqual(read);
});

test.each(['', '0/4', '5/4', '1/0', '2', '/4', '1/', '01/4', '1/1001', '-1/4', '1/4/4', ' 1/4', 'one/four', 1])(
  '%o is not a shard',
  (value) => {
    expect(() => checkValue(shardPart(), value, '--shard')).toThrow('--shard: expected INDEX/COUNT');
  },
);

const limits = { timeout: 1, effectTimeout: 1, concurrency: 1 };

test('a self-check takes the answers of all cases', () => {
  expect(() => assertShardable({ ...limits, shard: '1/4', selfCheck: true })).toThrow('--self-check');
});
