import { parseShard, assertShardable, assertShardHasCases } from '../cases/select.ts';
import { expect, test } from 'vitest';
import { InputError } from '../contract/input-error.ts';
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

test('generated values need a seed that all shards share', () => {
  expect(() => assertShardable({ ...limits, shard: '1/4', fuzz: 50 })).toThrow(InputError);
  expect(() => assertShardable({ ...limits, shard: '1/4', fuzz: 50, seed: 0 })).not.toThrow();
  expect(() => assertShardable({ ...limits, fuzz: 50 })).not.toThrow();
});

test('a self-check takes the answers of all cases', () => {
  expect(() => assertShardable({ ...limits, shard: '1/4', selfCheck: true })).toThrow('--self-check');
});

test('each shard has a case of its own', () => {
  const cases = ['path/userId/empty', 'transfer/plain', 'body/sendCallTo/missing'].map((id) => ({
    id,
    effect: 'keeps' as const,
  }));
  expect(() => assertShardHasCases({ index: 1, count: 2 }, cases)).not.toThrow();
  expect(() => assertShardHasCases({ index: 1, count: 3 }, cases)).toThrow('a COUNT of at most 2');
  expect(() => assertShardHasCases({ index: 1, count: 1 }, cases.slice(1, 2))).not.toThrow();
});
