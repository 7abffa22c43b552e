import process from 'node:process';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { SentRequest } from './model.ts';
import { curlCommand, describeFuzz } from './reproduce.ts';
import { sampleCase } from './testing/samples.ts';

const body = '{"action":"Transfer"}';
const request: SentRequest = {
  method: 'PUT',
  path: '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333',
  headers: { authorization: 'Bearer $CONFORMANCE_TOKEN', 'content-type': 'application/json' },
  body,
};
const origin = 'http://127.0.0.1:4010';
const environment = { PATH: process.env.PATH, CONFORMANCE_TOKEN: 's3cret $token' };

/** The words that a shell hands to curl, with what it reads in the place of `@-`. */
function readWords(sent: Partial<SentRequest>): string[] {
  const curl = `for word in "$@"; do if [ "$word" = @- ]; then cat; else printf '%s' "$word"; fi; printf '\\0'; done`;
  const script = `curl() { ${curl}; }\n${curlCommand({ ...request, ...sent }, origin)}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8', env: environment }).split('\0').slice(0, -1);
}

test('sends the request again, the token from the environment', () => {
  expect(readWords({})).toEqual([
    '-i',
    '--path-as-is',
    '-X',
    'PUT',
    'http://127.0.0.1:4010/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333',
    '-H',
    'authorization: Bearer s3cret $token',
    '-H',
    'content-type: application/json',
    '--data-binary',
    '{"action":"Transfer"}',
  ]);
});

test.each([
  "it's",
  '"quoted"',
  '$HOME $(echo no) ${HOME}',
  '`echo no`',
  'a\\nb\\',
  'one\ntwo\n',
  'a!b',
  '* ?',
  '  ',
  '%s%%',
  '٠٦٤ é\u200b',
  '@file',
  '\\ \u0001\t\u001b[31m %s\r\n\n',
  "it's\n",
  '\u202e{"a":1}',
  '\u001b[2J',
])('keeps the body %j as it is, in one line of printable ASCII', (body) => {
  expect(readWords({ body }).at(-1)).toBe(body);
  expect(curlCommand({ ...request, body }, origin)).toMatch(/^[\x20-\x7e]+$/);
});

test.each(["/b8'17", '/b8"17', '/b8$HOME', '/b8`17', '/b8;17', '/b8&17', '/../b817'])(
  'keeps the path %s as it is',
  (path) => {
    expect(readWords({ path })).toContain(`${origin}${path}`);
  },
);

test.each([
  ['$CONFORMANCE_TOKEN$CONFORMANCE_TOKEN', 's3cret $tokens3cret $token'],
  ['"$CONFORMANCE_TOKEN"', '"s3cret $token"'],
  ['\\$CONFORMANCE_TOKEN`', '\\s3cret $token`'],
  ['$HOME $CONFORMANCE_TOKEN', '$HOME s3cret $token'],
  ['$CONFORMANCE', '$CONFORMANCE'],
  ['Bearer $CONFORMANCE_TOKENx0', 'Bearer s3cret $tokenx0'],
])('puts the token, and nothing else, into %s', (authorization, sent) => {
  expect(readWords({ headers: { authorization } })).toContain(`authorization: ${sent}`);
});

test.each<[what: string, sent: Partial<SentRequest>, words: string[]]>([
  ['empty headers', { headers: { authorization: '' }, body: undefined }, ['-X', 'PUT', '-H', 'authorization;']],
  ['no form where nothing was declared', { headers: {} }, ['-X', 'PUT', '-H', 'content-type:', '--data-binary', body]],
  ["curl's own headers", { headers: { 'accept-encoding': 'gzip', accept: 'a/b' }, body: undefined }, ['-X', 'PUT']],
  ['a reading', { method: 'GET', headers: {}, body: undefined }, []],
])('sends %s', (_, sent, words) => {
  expect(readWords(sent).filter((word) => !word.startsWith('http'))).toEqual(['-i', '--path-as-is', ...words]);
});

test('tells how a generated value was found, and how to find it again', () => {
  const generated = (tried: number, steps: number) =>
    sampleCase('fail', { id: 'fuzz/body/sendCallTo/51-100', fuzz: { seed: 42, tried, steps } });
  const again = "again with --fuzz 100 --seed 42 --only 'fuzz/body/sendCallTo/51-100'";
  expect(describeFuzz(generated(29, 9))).toBe(`in 29 values, made smaller in 9 steps; ${again}`);
  expect(describeFuzz(generated(1, 1))).toBe(`in 1 value, made smaller in 1 step; ${again}`);
  expect(describeFuzz(sampleCase('fail'))).toBeUndefined();
});
