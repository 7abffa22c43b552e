import { describe, expect, test } from 'vitest';
import { createRunCommand, readNamed } from './command.ts';
import { optionRows } from './options.ts';

function formatHelp(all: boolean): string {
  let printed = '';
  const command = createRunCommand('npm run conformance --', all);
  command.configureOutput({ writeOut: (text) => (printed += text) }).outputHelp();
  return printed;
}

function parse(...words: string[]) {
  const command = createRunCommand('conformance').exitOverride();
  command.parse(words, { from: 'user' });
  return readNamed(command);
}

describe.each([false, true])('the help of all options: %s', (all) => {
  const help = formatHelp(all);
  const lines = help.split('\n');

  test('fits 80 columns, and a screen unless it has all', () => {
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(all ? 110 : 45);
  });

  test('has the options that belong into it, each once', () => {
    const shown = optionRows.filter(({ flags }) =>
      lines.some((line) => line.startsWith(`  ${flags} `) || line === `  ${flags}`),
    );
    const expected = optionRows.filter(({ everyday, name }) => name !== 'url' && (all || everyday === true));
    expect(shown.map(({ flag }) => flag)).toEqual(expected.map(({ flag }) => flag));
  });

  test('has each group once, subcommands, examples and the exit codes', () => {
    const headings = lines.filter((line) => /^\w.*:$/.test(line));
    expect(headings).toEqual([...new Set(headings)]);
    expect(help).toContain('  npm run conformance -- http://127.0.0.1:8080 --report report\n');
    expect(help).toContain('Subcommands, each with --help: merge, compare, targets, mock.');
    expect(help).toContain('Exit codes: 0 conforming, 1 not conforming, 2 nothing verified, 3 incomplete.');
  });
});

describe('the command line', () => {
  test('names what is written, and nothing else', () => {
    expect(parse()).toEqual({});
    expect(parse('http://h', '--timeout', '7', '--only', 'a', '--only', 'b', '--strict', '--no-self-check')).toEqual({
      url: 'http://h',
      timeout: 7,
      only: ['a', 'b'],
      strict: true,
      selfCheck: false,
    });
    expect(parse('--no-config')).toEqual({ noConfig: true });
    expect(parse('--config', 'a.json')).toEqual({ config: 'a.json' });
  });

  test.each([
    [['--timeout', 'fast'], '--timeout: expected a whole number from 1 to 600000, got "fast".'],
    [['--profile', 'core', '--profile', 'x'], '--profile: expected core or bulk, got "x".'],
    [['--user', ''], '--user: expected a text that is not empty, got "".'],
    [['--shard', '5/4'], '--shard: expected INDEX/COUNT, such as 2/4, from 1/1 to 1000/1000, got "5/4".'],
    [[''], 'The URL: expected a URL such as http://127.0.0.1:4010 or https://host/path, got "".'],
  ])('refuses %j', (words, line) => {
    expect(() => parse(...words)).toThrow(line);
  });
});
