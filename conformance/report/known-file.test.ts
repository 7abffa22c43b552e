import { describe, expect, test } from 'vitest';
import { parseKnownFailures, readKnownFile } from './known.ts';

test('a list has an id and a reason for each failure, a last day if it is to end, and the lines it stands on', () => {
  const yaml = `# What we know.
- id: body/sendCallTo/missing
  reason: >
    The gateway answers 422,
    issue 12.
  until: 2026-12-31

- { id: success/media-type, reason: 'text/json' }
`;
  expect(parseKnownFailures(yaml, 'known.yaml')).toEqual([
    {
      id: 'body/sendCallTo/missing',
      reason: 'The gateway answers 422, issue 12.',
      until: '2026-12-31',
      line: 2,
      lastLine: 6,
    },
    { id: 'success/media-type', reason: 'text/json', line: 8, lastLine: 8 },
  ]);
});

test.each(['', '# nothing is known\n', '[]\n'])('a list may be empty: %j', (yaml) => {
  expect(parseKnownFailures(yaml, 'known.yaml')).toEqual([]);
});

describe('one line with the place says that', () => {
  test.each([
    ['the text is no YAML', '- id: "a\n', /^k:2:1: this is not YAML: Missing closing/],
    ['there is no list', 'id: a\n', 'k:1:1: expected a list, whose items begin with - id: …'],
    ['an item is no mapping', '- a\n', 'k:1:3: expected a mapping with id and reason'],
    ['an item is empty', '-\n', /^k:\d+:\d+: expected a mapping with id and reason$/],
    ['there is no id', '- reason: r\n', 'k:1:3: this item has no id of a case or a requirement'],
    ['there is no reason', '- id: a\n', 'k:1:3: a has no reason: say why it may fail for now'],
    ['a reason is empty', "- id: a\n  reason: ''\n", 'k:2:11: reason is not a text'],
    ['a reason is left out after its colon', '- id: a\n  reason:\n', /^k:\d+:\d+: reason is not a text$/],
    ['an id is a number', '- id: 17\n  reason: r\n', 'k:1:7: id is not a text'],
    ['a member is unknown', '- id: a\n  reasn: r\n', 'k:2:3: unknown member reasn: expected id, reason, until'],
    ['a member occurs twice', '- id: a\n  id: b\n  reason: r\n', /^k:2:3: this is not YAML: .*unique/],
    [
      'a day is not written as one',
      '- id: a\n  reason: r\n  until: 31.12.2026\n',
      'k:3:10: until is 31.12.2026: expected a day, as YYYY-MM-DD',
    ],
    [
      'there is no such day',
      '- id: a\n  reason: r\n  until: 2026-02-30\n',
      'k:3:10: until is 2026-02-30: expected a day, as YYYY-MM-DD',
    ],
    [
      'a failure is listed twice',
      '- id: a\n  reason: r\n- id: a\n  reason: s\n',
      'k:3:7: a is listed twice: line 1 has it',
    ],
  ])('%s', (_, yaml, message) => {
    expect(() => parseKnownFailures(yaml, 'k')).toThrow(message);
  });

  test('the file cannot be read', () => {
    expect(() => readKnownFile('/nowhere/known.yaml')).toThrow(
      /^The list of known failures \/nowhere\/known\.yaml cannot be read: ENOENT/,
    );
  });
});
