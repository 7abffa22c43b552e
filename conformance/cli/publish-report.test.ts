import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { describeScreen } from './publish-report.ts';

beforeEach(() => {
  for (const name of ['FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS', 'CI']) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
});
afterEach(() => void vi.unstubAllEnvs());

const { getColorDepth } = WriteStream.prototype;

/** A stream that is not a terminal, or one of some width. */
function stream(columns?: number): NodeJS.WriteStream {
  const terminal = columns === undefined ? {} : { isTTY: true, columns, getColorDepth };
  return Object.assign(new PassThrough(), terminal) as unknown as NodeJS.WriteStream;
}

const isColoured = (output: NodeJS.WriteStream) => describeScreen(output).paint('violated', 'x').includes('\u001b[');

test.each<[string, number | undefined, Record<string, string>, boolean]>([
  ['a terminal is coloured', 80, {}, true],
  ['a pipe is not', undefined, {}, false],
  ['a terminal is not with NO_COLOR', 80, { NO_COLOR: '1' }, false],
  ['a pipe is with FORCE_COLOR', undefined, { FORCE_COLOR: '1' }, true],
])('%s', (_, columns, environment, expected) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  expect(isColoured(stream(columns))).toBe(expected);
});

test('a screen is as wide as its terminal; of a pipe nothing is known', () => {
  expect(describeScreen(stream(132)).width).toBe(132);
  expect(describeScreen(stream()).width).toBeUndefined();
});
