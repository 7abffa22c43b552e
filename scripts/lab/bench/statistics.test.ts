import { expect, test } from 'vitest';
import { ratiosOf, summaryOf } from './statistics.ts';

test('the median of an odd number of samples is the one in the middle, whatever their order', () => {
  expect(summaryOf([9, 1, 5])).toEqual({ median: 5, deviation: 4 });
});

test('the median of an even number of samples is half way between the two in the middle', () => {
  expect(summaryOf([4, 1, 2, 100]).median).toBe(3);
});

test('a sample far off moves neither the median nor the deviation', () => {
  expect(summaryOf([10, 11, 12, 13, 1000])).toEqual({ median: 12, deviation: 1 });
});

test('ratios are those of samples taken side by side', () => {
  expect(ratiosOf([10, 40], [5, 10])).toEqual([2, 4]);
});

test('what cannot be compared is told', () => {
  expect(() => ratiosOf([1, 2], [1])).toThrow('got 2 and 1');
  expect(() => summaryOf([])).toThrow('got none');
});
