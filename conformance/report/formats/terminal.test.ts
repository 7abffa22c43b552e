import { describe, expect, test } from 'vitest';
import type { Requirement } from '../../contract/requirements.ts';
import type { CaseResult, SelfCheck } from '../model.ts';
import { sampleCase, sampleRequirement, sampleRun } from '../testing/samples.ts';
import { makeReport } from '../report.ts';
import { judge } from '../verdict.ts';
import { field, plainScreen, renderLines, type Line, type Screen } from './lines.ts';
import { terminalReport, type TerminalSettings } from './terminal.ts';

const requirement: Requirement = { ...sampleRequirement, id: 'body/to', says: `${'A long sentence. '.repeat(6)}End.` };
const recommendation: Requirement = { ...requirement, id: 'success/link', level: 'SHOULD', says: 'A call has a link.' };

function failing(id: string, about = requirement.id, members: Partial<CaseResult> = {}): CaseResult {
  const [check] = sampleCase('fail', { requirement: about }).checks;
  const request = { method: 'PUT', path: '/calls/12', headers: {}, body: '{"to":"1"}' };
  const checks = check === undefined ? [] : [check];
  return sampleCase('fail', { id, requirement: about, accepted: true, checks, exchanges: [{ request }], ...members });
}

const sending = (request: Partial<CaseResult['exchanges'][number]['request']>, status = 200): Partial<CaseResult> => ({
  exchanges: failing('').exchanges.map((exchange) => ({
    request: { ...exchange.request, ...request },
    response: { status, headers: {}, body: { length: 0, text: '' }, duration: 1 },
  })),
});
const unread = {
  verdict: 'unreached',
  reason: 'the fixture lacks --call, --send-to: name a live call',
  checks: [],
  exchanges: [],
} as const;
const broken = { ...unread, verdict: 'error', reason: 'The request is not what it claims.' } as const;
const met = {
  checks: [{ check: 'is refused', requirement: requirement.id, outcome: 'met', violations: [] }],
  verdict: 'pass',
} as const;

function print(results: CaseResult[], requirements = [requirement], settings: TerminalSettings = {}): string[] {
  const outcome = judge(requirements, results, { profiles: ['core'], strict: false, partial: false });
  return terminalReport(makeReport(outcome, sampleRun), settings).split('\n');
}

test('a finding names the sentence, its place, what was sent, expected and came, and how to send it again', () => {
  expect(print([failing('to/missing')]).slice(0, 16)).toEqual([
    'VIOLATED body/to (MUST): 1 case',
    '  A long sentence. A long sentence. A long sentence. A long sentence. A long',
    '  sentence. A long sentence. End.',
    '  source    page',
    '  contract  spec/openapi.yaml:17',
    '            /components/schemas/Number',
    '',
    '  case      to/missing: refuses what is no number',
    '  sent      PUT /calls/12',
    '            {"to":"1"}',
    '  expected  status: 400',
    '  actual    status: 200',
    '  again',
    expect.stringMatching(/^curl .+'https:\/\/pbx\.example\.com\/calls\/12'/),
    '',
    '',
  ]);
});

const control = failing('plain', requirement.id, { checks: [], ...sending({}) });
const ids = ['body/a', 'body/b', 'path/c', 'path/d'];

test.each<
  [what: string, results: CaseResult[], lines: string[], requirements?: Requirement[], settings?: TerminalSettings]
>([
  [
    'the difference from the control',
    [control, failing('x', undefined, { control: 'plain', ...sending({ body: '{"to":"1\\n"}' }) })],
    ['            a valid transfer, but with "to": "1\\n" in place of "1"'],
  ],
  [
    'the difference from an accepted request',
    [control, failing('x', undefined, { accepted: false, ...sending({ path: '/calls/@me' }, 400) })],
    ['            one that was accepted, but with @me in place of 12 in the path'],
  ],
  [
    'that there are several requests',
    [failing('x', undefined, { exchanges: [...failing('').exchanges, ...failing('').exchanges] })],
    ["  again     this request alone; all 2 with --only 'x'"],
  ],
  [
    'the other cases that fail alike',
    ['1', '2', '3'].map((id) => failing(id)),
    ['VIOLATED body/to (MUST): 3 cases', '  alike     2 more: 2, 3'],
  ],
  [
    'requirements that are broken alike',
    ids.map((id) => failing(`${id}/x`, id)),
    [
      'VIOLATED 4 requirements alike: 4 cases',
      '  body/a, body/b, path/c, path/d. For example:',
      '  body/a (MUST): body/a.',
    ],
    ids.map((id) => ({ ...requirement, id, says: `${id}.` })),
  ],
  [
    'how long a body is that is too long',
    [failing('long', undefined, sending({ body: `${'x'.repeat(4096)}… (5000 characters)` }))],
    ["  again     the body is too long to show: run the case again with --only 'long'"],
  ],
  [
    'totals and the verdict',
    [failing('x')],
    [
      '         violated  unreached',
      'body            1          .',
      'success         .          1',
      'https://pbx.example.com/api: 1 case in 1.2 s; 1 fail',
      'Requirements: 1 violated, 1 unreached',
      'Verdict: not conforming; not verified: success/link',
    ],
    [requirement, recommendation],
  ],
  [
    'nothing but totals of a server that is right',
    [failing('x', undefined, met)],
    [
      '=',
      '      met',
      'body    1',
      '',
      'https://pbx.example.com/api: 1 case in 1.2 s; 1 pass',
      'Requirements: 1 met',
      'Verdict: conforming',
    ],
  ],
  [
    'quietly what is violated and unreached',
    [failing('x')],
    [
      'VIOLATED body/to (MUST): 1 case',
      'Unreached: no case was run',
      '  success/link',
      'Verdict: not conforming; not verified: success/link',
    ],
    [requirement, recommendation],
    { quiet: true },
  ],
  [
    'the exchanges of passing cases if it is verbose',
    [failing('x', undefined, met)],
    ['PASS x: refuses what is no number', '  sent      PUT /calls/12'],
    undefined,
    { verbose: true },
  ],
  [
    'once what was missing, and what to give',
    [failing('x', undefined, unread), failing('y', recommendation.id, unread)],
    [
      'Nothing was sent. Name a live call, the parties, and where it may go:',
      'npx transfer-conformance https://pbx.example.com/api --call … --send-to …',
      `Unreached: ${unread.reason}`,
      '  all 2 requirements',
    ],
    [requirement, recommendation],
  ],
  [
    'an error of the suite',
    [failing('x', undefined, broken)],
    ['ERROR of the suite in x: The request is not what it claims.', 'Verdict: nothing verified'],
  ],
])('tells %s', (_, results, expected, requirements, settings) => {
  const lines = print(results, requirements, settings);
  const [isAll, wanted] = expected[0] === '=' ? [true, expected.slice(1)] : [false, expected];
  expect(isAll ? lines : lines.filter((line) => wanted.includes(line))).toEqual(wanted);
});

describe('on %d columns', () => {
  const screen = (width: number): Screen => ({ ...plainScreen, width });
  const long = `{"action":"${'x'.repeat(100)}"}`;

  test.each([80, 60, 40])('prose and fields are wrapped on %d columns, what is whole is not', (width) => {
    const prose = renderLines([{ text: requirement.says, indent: 2 }], screen(width)).split('\n');
    const wrapped = renderLines(field('sent', [long]), screen(width)).split('\n');
    expect([...prose, ...wrapped].filter((line) => line.length > width)).toEqual([]);
    expect(prose.map((line) => line.trim()).join(' ')).toBe(requirement.says);
    expect(wrapped.map((line) => line.slice(12)).join('')).toBe(long);
    expect(wrapped.map((line) => line.slice(0, 12).trim())).toEqual(['sent', ...wrapped.slice(1).map(() => '')]);
    expect(renderLines([{ text: long, whole: true }], screen(width))).toBe(long);
  });

  test.each<[string, (text: string) => Line[]]>([
    ['by itself', (text) => [{ text }]],
    ['whole', (text) => [{ text: `  ${text}`, whole: true }]],
    ['in a field', (text) => field('actual', [`${'x'.repeat(70)} ${text}`])],
  ])('nothing in a text acts on a terminal or is a command for a runner of jobs: %s', (_, makeLines) => {
    const text = '::stop-commands::x ##[add-mask]y ##vso[task.setvariable variable=PATH]/z\u001b[2Jgone\r\u202e\u0007';
    const lines = renderLines(makeLines(text), screen(80));
    expect(lines).toMatch(/^[\x20-\x7e\n]+$/);
    expect(lines).not.toMatch(/^\s*::|##(?:vso)?\[/m);
    expect(lines).toContain('stop-commands::x');
  });

  test('each line is painted by itself, its label faint', () => {
    const paint: Screen['paint'] = (style, text) => `<${style}>${text.trim()}</>`;
    const painted = renderLines(field('actual', [`${'x'.repeat(28)}y`], 'violated'), { width: 40, paint });
    expect(painted).toBe(`<faint>actual</><violated>${'x'.repeat(28)}</>\n            <violated>y</>`);
  });
});

describe('the self-check', () => {
  const caught = { id: 'a', says: 'A is wrong.', exchanges: 3, caughtBy: ['success/status'], warnsOnly: false };
  const escaped = { ...caught, id: 'c', says: 'C is wrong.', caughtBy: [], reason: 'it takes several numbers' };
  const missing = ['d', 'e', 'f'].map((id) => ({ id, needs: 'another call' }));
  const print = (selfCheck: Omit<SelfCheck, 'totals'>) => {
    const report = makeReport({ verdict: 'conforming', requirements: [], cases: [] }, { ...sampleRun, selfCheck });
    const lines = terminalReport(report).split('\n');
    expect(lines.at(-1)).toBe('Verdict: conforming');
    const start = lines.findIndex((line) => line.startsWith('Self-check: '));
    return { report, lines: lines.slice(start, -2) };
  };

  test('tells the share, what escapes and what would reach it, and what was not tried', () => {
    const warned = { ...caught, id: 'b', warnsOnly: true };
    const { lines, report } = print({ tried: [caught, warned, escaped], notApplicable: missing });
    expect(lines).toEqual([
      'Self-check: 2 of 3 wrong answers would have been caught (66.6 %), 1 of them as a warning',
      '  not caught: it takes several numbers',
      '    - C is wrong.',
      '  not tried, since no answer gave occasion: 3, see report.json',
    ]);
    expect(report.selfCheck?.totals).toEqual({ tried: 3, caught: 2, warned: 1, notApplicable: 3, share: 2 / 3 });
    const many = Array.from({ length: 1999 }, () => caught);
    // The share is not rounded up.
    expect(print({ tried: [...many, escaped], notApplicable: [] }).lines[0]).toMatch(/\(99\.9 %\)$/);
    expect(print({ tried: [], notApplicable: [] }).lines[0]).toContain('no wrong answer could be tried');
  });
});
