import { describe, expect, test } from 'vitest';
import { conformanceCommand, defaultOptions, nameOf, namedOptions } from './command.ts';
import { conformanceOptions } from './options.ts';

const help = helpText();

function helpText(): string {
  let printed = '';
  const command = conformanceCommand().configureOutput({ writeOut: (text) => (printed += text) });
  command.outputHelp();
  return printed;
}

/** What a command line names. */
function named(...words: string[]) {
  const command = conformanceCommand().exitOverride();
  command.parse(words, { from: 'user' });
  return namedOptions(command);
}

describe('the help', () => {
  test('fits a screen of 80 columns', () => {
    const lines = help.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(66);
  });

  test.each(conformanceOptions)('tells $flags on one line', ({ flags, description }) => {
    expect(help.split('\n').filter((line) => line.includes(`${flags} `) && line.includes(description))).toHaveLength(1);
  });

  test('has each group once, examples and the exit codes', () => {
    const headings = help.split('\n').filter((line) => /^\w.*:$/.test(line));
    const groups = [...new Set([...conformanceOptions.map(({ group }) => group), 'Other'])];
    expect(headings).toEqual([...groups, 'Examples'].map((heading) => `${heading}:`));
    expect(help).toContain('Exit codes: 0 conforming, 1 not conforming, 2 nothing verified, 3 incomplete.');
  });
});

describe('the command line', () => {
  test('names what is written, and nothing else', () => {
    expect(named()).toEqual({});
    expect(named('http://h', '--timeout', '7', '--only', 'a', '--only', 'b', '--strict', '--no-self-check')).toEqual({
      url: 'http://h',
      timeout: 7,
      only: ['a', 'b'],
      strict: true,
      selfCheck: false,
    });
  });

  test.each([
    [['--timeout', 'fast'], '--timeout: expected a whole number from 1 to 600000, got "fast".'],
    [['--profile', 'core', '--profile', 'x'], '--profile: expected core or bulk, got "x".'],
    [['--user', ''], '--user: expected a text that is not empty, got "".'],
  ])('refuses %j', (words, line) => {
    expect(() => named(...words)).toThrow(line);
  });
});

describe('the table of options', () => {
  test('has each flag and each key once', () => {
    for (const names of [
      conformanceOptions.map(({ flags }) => flags),
      conformanceOptions.flatMap(({ key }) => key ?? []),
    ]) {
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test.each(conformanceOptions)('gives $flags a key, or tells why it has none', (option) => {
    expect([option.key, option.notInFile].filter((text) => text !== undefined)).toHaveLength(1);
    expect([undefined, nameOf(option)]).toContain(option.key?.replace('fixture.', ''));
  });

  test('has defaults that are admitted', () => {
    const refused = conformanceOptions.filter((option) => {
      const standard = defaultOptions[nameOf(option)];
      return standard !== undefined && !option.value.admits(standard);
    });
    expect(refused).toEqual([]);
  });
});
