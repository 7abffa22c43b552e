import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleRun } from '../report/testing/samples.ts';
import { introductionOf, silentProgress, startProgress, type ProgressOutput } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const subject = { introduction: 'https://pbx.example.com: 8 cases', all: 8 };

/** Starts the progress of a run, and records what it writes to standard error and output, part by part. */
function start(properties: Omit<ProgressOutput, 'write'>, environment: Record<string, string> = {}, isSilent = false) {
  const written: string[] = [];
  const lines: string[] = [];
  const stderr = { ...properties, write: (text: string) => written.push(text) };
  const outputs = { stderr, stdout: { write: (text: string) => lines.push(text) } };
  const progress = isSilent ? silentProgress(outputs) : startProgress(subject, outputs, environment);
  return { written, lines, progress };
}

describe('on a terminal', () => {
  const terminal = { isTTY: true, columns: 60 };

  test('one line is written again, with what is done, failed, and takes longest', () => {
    const { written, progress } = start(terminal);
    ['one', 'two', 'three'].forEach((id) => progress.started(id));
    progress.ended('one', true);
    vi.advanceTimersByTime(2000);
    progress.close();
    expect(written[0]).toBe('\r0/8 cases, 0 failed, 0 s\u001b[K');
    expect(written.at(-2)).toBe('\r1/8 cases, 1 failed, 2 s, longest two 2 s\u001b[K');
    expect(written.join('')).not.toContain('\n');
  });

  test('nothing of it is left, and nothing is written afterwards', () => {
    const { written, progress } = start(terminal);
    progress.close();
    vi.advanceTimersByTime(5000);
    expect(written.at(-1)).toBe('\r\u001b[K');
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([60, 30, 10, 2])('the line is narrower than %d columns', (columns) => {
    const { written, progress } = start({ isTTY: true, columns });
    progress.started(`body/${'long/'.repeat(40)}`);
    vi.advanceTimersByTime(1000);
    progress.close();
    const widths = written.map((text) => text.replace('\r', '').replace('\u001b[K', '').length);
    expect(Math.max(...widths)).toBe(columns - 1);
  });

  test('other lines take its place', () => {
    const { written, progress } = start(terminal);
    progress.write('Interrupted.\n');
    progress.close();
    expect(written.slice(-3)).toEqual(['\r\u001b[K', 'Interrupted.\n', '\r\u001b[K']);
  });
});

describe.each<[string, Omit<ProgressOutput, 'write'>, Record<string, string>]>([
  ['in a pipe', {}, {}],
  ['in continuous integration', { isTTY: true, columns: 80 }, { CI: 'true' }],
  ['on a dumb terminal', { isTTY: true, columns: 80 }, { TERM: 'dumb' }],
])('%s', (_, properties, environment) => {
  test('lines are kept: what is run, and each quarter', () => {
    const { lines, progress } = start(properties, environment);
    for (let id = 1; id <= 8; id += 1) {
      vi.advanceTimersByTime(1500);
      progress.ended(String(id), id === 1);
    }
    progress.close();
    expect(lines).toEqual([
      'https://pbx.example.com: 8 cases\n',
      '2/8 cases, 1 failed, 3 s\n',
      '4/8 cases, 1 failed, 6 s\n',
      '6/8 cases, 1 failed, 9 s\n',
    ]);
  });

  test('a run that takes long tells every ten seconds where it is', () => {
    const { lines, progress } = start(properties, environment);
    progress.started('slow');
    vi.advanceTimersByTime(25_000);
    progress.close();
    expect(lines.slice(1)).toEqual([
      '0/8 cases, 0 failed, 10 s, longest slow 10 s\n',
      '0/8 cases, 0 failed, 20 s, longest slow 20 s\n',
    ]);
  });

  test('a short run has one line', () => {
    const { lines, progress } = start(properties, environment);
    for (let id = 1; id <= 8; id += 1) progress.ended(String(id), false);
    progress.close();
    expect(lines).toHaveLength(1);
  });
});

test('the introduction names the target, the contract and the settings', () => {
  expect(introductionOf(sampleRun, 345)).toBe(
    'https://pbx.example.com/api: 345 cases of Transfer PhoneCalls 0.1.0; profile core, 8 at once, time limits 5000 ms, 5000 ms for effects',
  );
});

test('silence leaves other lines as they are', () => {
  const { written, lines, progress } = start({ isTTY: true, columns: 80 }, {}, true);
  progress.started('one');
  progress.ended('one', true);
  progress.write('Interrupted.\n');
  progress.close();
  expect({ written, lines }).toEqual({ written: ['Interrupted.\n'], lines: [] });
});
