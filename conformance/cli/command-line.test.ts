import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { createRunCommand } from './command.ts';
import { nameCommand, perform } from './command-line.ts';
import { runInProcess } from './testing/run-command.ts';
import { runScript } from '../../scripts/generate/run-script.ts';

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

/** Performs a command line of a run that ends with 0 if it is parsed, and returns the exit code and what was printed. */
async function parse(
  argv: readonly string[],
  env: Record<string, string> = {},
  action: () => Promise<number> = async () => 0,
) {
  const printed: string[] = [];
  const stream = { write: (text: string) => printed.push(text) } as unknown as NodeJS.WriteStream;
  const exitCode = await perform(
    createRunCommand('npm run conformance --'),
    argv,
    { stdout: stream, stderr: stream, env },
    action,
  );
  return { exitCode, printed: printed.join('') };
}

test('what an error quotes acts neither on the terminal nor on the runner of a job', async () => {
  const quoted = '::stop-commands::x \u001b]0;y\u0007 \u009b2J ##vso[task.setvariable]z \u0663';
  const { exitCode, printed } = await parse([], {}, () => Promise.reject(new Error(quoted)));
  expect(exitCode).toBe(2);
  expect(printed).toBe('\\u003a:stop-commands::x \\u001b]0;y\\u0007 \\u009b2J #\\u0023vso[task.setvariable]z \u0663\n');
});

describe('a command line', () => {
  test.each([
    [['--timout', '5'], 'Unknown option --timout: did you mean --timeout? See --help.\n'],
    [['--xyzzy'], 'Unknown option --xyzzy. See --help.\n'],
    [['--rate'], '--rate <n>: its value is missing. See --help.\n'],
    [
      ['--user', '--strict'],
      '--user: its value is missing, --strict is an option; write --user=--strict if it is none.\n',
    ],
    [['--strict=no'], '--strict takes no value: leave out =no, or write --no-strict for its opposite.\n'],
    [['--timeout', '5', '--timeout=6'], '--timeout has two values: name one of them.\n'],
    [['--strict', '--no-strict'], '--strict and --no-strict exclude each other: name one of them.\n'],
    [['--only', 'body', '--no-only'], '--only and --no-only exclude each other: name one of them.\n'],
  ])('%j is refused in one line', async (argv, printed) => {
    expect(await parse(argv)).toEqual({ exitCode: 2, printed });
  });

  test.each([
    [['mrege', 'a'], 'mrege is neither a URL nor a subcommand: did you mean merge? See --help.\n'],
    [['--report', 'r', 'merge', 'a'], 'merge is a subcommand: write it first, before all options.\n'],
    [['help'], 'help is neither a URL nor a subcommand: did you mean --help? See --help.\n'],
    [['http://h', 'a'], 'Too many arguments, http://h a: put quotes around a value with blanks or *. See --help.\n'],
    [['merge', 'a', '--report='], '--report: expected a path, got "".\n'],
    [['merge', 'a'], 'merge writes the report of the whole run: say where with --report DIR.\n'],
    [['compare', 'a'], 'The argument after is missing. See --help.\n'],
    [['targets', 'a', '--at-once', '0'], '--at-once: expected a whole number from 1 to 256, got "0".\n'],
  ])('of subcommands, %j is refused in one line', async (argv, stderr) => {
    expect(await runInProcess(argv)).toEqual({ exitCode: 2, stdout: '', stderr });
  });

  test('names options as often as they mean something', async () => {
    const line = '--only a --only b --strict --strict --timeout 5 --timeout=5 -- http://h';
    expect(await parse(line.split(' '))).toEqual({ exitCode: 0, printed: '' });
  });

  test('prints its version with exit code 0', async () => {
    expect(await parse(['--version'])).toEqual({ exitCode: 0, printed: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('escapes on standard error what could act on a terminal', async () => {
    const { printed } = await parse(['--\u001b[31mx\u0007']);
    expect(printed).toBe('Unknown option --\\u001b[31mx\\u0007. See --help.\n');
  });

  test('prints its help with exit code 0', async () => {
    expect(await parse(['--help'])).toEqual({
      exitCode: 0,
      printed: expect.stringContaining('Usage: npm run conformance -- [options]'),
    });
  });

  test.each([
    ['http://h', { read_only: 'true', rate: '5' }, '--read-only, --rate 5', 'http://h --read-only --rate 5'],
    ['rep http://h', { report: 'true' }, '--report', 'http://h --report rep'],
    ['http://h', { call: 'c4d90' }, '--call c4d90', 'http://h --call c4d90'],
    ['http://h a b', { send_to: 'true' }, '--send-to', '…'],
    [
      'http://h',
      { config: '', header: 'X: $Y' },
      "--header 'X: $Y', --no-config",
      "http://h --header 'X: $Y' --no-config",
    ],
  ])('%s is refused where npm kept %j for itself', async (words, kept, flags, line) => {
    const env = Object.fromEntries(Object.entries(kept).map(([name, value]) => [`npm_config_${name}`, value]));
    expect(await parse(words.split(' '), { npm_lifecycle_event: 'conformance', ...env })).toEqual({
      exitCode: 2,
      printed: `npm kept ${flags} for itself, and nothing was run: put -- before it: npm run conformance -- ${line}\n`,
    });
  });

  test('takes no variable of npm for an option that npm has too, or outside its scripts', async () => {
    const only = { npm_lifecycle_event: 'conformance', npm_config_only: 'body' };
    expect(await parse([], only)).toMatchObject({ exitCode: 0 });
    expect(await parse([], { npm_config_rate: '5' })).toMatchObject({ exitCode: 0 });
  });
});

test.each([
  ['conformance', '/repository/scripts/conformance.ts', 'npm run conformance -- merge'],
  ['npx', '/cache/bin/transfer-conformance', 'npx transfer-conformance merge'],
  [undefined, '/repository/scripts/conformance.ts', 'npm run conformance -- merge'],
  ['check', '/project/node_modules/.bin/transfer-conformance', 'transfer-conformance merge'],
  [undefined, String.raw`C:\project\node_modules\transfer-conformance\bin.js`, 'transfer-conformance merge'],
])('a command that script %s of npm starts as %s is called %s', (npm_lifecycle_event, file, name) => {
  expect(nameCommand('merge', { env: { npm_lifecycle_event }, argv: ['node', file] })).toBe(name);
});
