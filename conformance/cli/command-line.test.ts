import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { collected, wholeNumber } from './command-line.ts';
import { runScript } from '../../scripts/generate/run-script.ts';

describe('wholeNumber', () => {
  const read = wholeNumber(1, 64);

  test.each([
    ['1', 1],
    ['64', 64],
    ['007', 7],
  ])('reads %s', (text, number) => {
    expect(read(text)).toBe(number);
  });

  test.each(['', '0', '65', '-1', '+1', '1.5', '1e1', '0x10', ' 1', '1 ', 'abc', '٣', 'Infinity', 'NaN'])(
    'refuses %o',
    (text) => {
      expect(() => read(text)).toThrow('Expected a whole number from 1 to 64.');
    },
  );
});

test('collected gathers values in their order, and changes none that it was given', () => {
  const first = collected('one');
  expect(collected('two', first)).toEqual(['one', 'two']);
  expect(first).toEqual(['one']);
});

describe('what nobody catches becomes one line and exit 2,', () => {
  const { DEBUG: _debug, ...environment } = process.env;

  test.each([
    ['an error of a timer', `setTimeout(() => { throw new Error('The line is dead.\\nReally.'); })`],
    [
      'an error that an emitter has no listener for',
      `new EventEmitter().emit('error', new Error('The line is dead.'))`,
    ],
    ['a promise that nobody awaits', `Promise.reject(new Error('The line is dead.'))`],
  ])('%s', async (_, statement) => {
    const program = `
      import { EventEmitter } from 'node:events';
      import { Command } from 'commander';
      import { runCommand } from './conformance/cli/command-line.ts';
      await runCommand(new Command(), () => new Promise(() => { setInterval(() => {}, 1000); setTimeout(() => { ${statement}; }); }));`;
    const ended = await runScript('--input-type=module', ['--eval', program], environment);
    expect(ended).toEqual({ exitCode: 2, stdout: '', stderr: 'The line is dead.\n' });
  });
});
