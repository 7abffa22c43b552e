import process from 'node:process';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { SentRequest } from './model.ts';
import { curlCommand, fuzzReproduction } from './reproduce.ts';
import { sampleCase } from './testing/samples.ts';

const request: SentRequest = {
  method: 'PUT',
  path: '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333',
  headers: { authorization: 'Bearer $CONFORMANCE_TOKEN', 'content-type': 'application/json' },
  body: '{"action":"Transfer"}',
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
  ["'", "it's"],
  ['"', '"quoted"'],
  ['$', '$HOME $(echo no) ${HOME}'],
  ['`', '`echo no`'],
  ['\\', 'a\\nb\\'],
  ['newline', 'one\ntwo\n'],
  ['!', 'a!b'],
  ['*', '* ?'],
  ['blank', '  '],
  ['%', '%s%%'],
  ['other scripts', '٠٦٤ é\u200b'],
  ['leading @', '@file'],
  ['control characters', '\\ \u0001\t\u001b[31m %s\r\n\n'],
  ["newline and '", "it's\n"],
  ['change of direction', '\u202e{"a":1}'],
])('keeps %s in a body as it is', (_, body) => {
  expect(readWords({ body }).at(-1)).toBe(body);
});

test.each(['one\ntwo', '\u0663', '\u202e', '\u001b[2J', '\u0000'])(
  'is one line of printable ASCII for the body %j',
  (body) => {
    expect(curlCommand({ ...request, body }, origin)).toMatch(/^[\x20-\x7e]+$/);
  },
);

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
])('puts the token, and nothing else, into %s', (authorization, sent) => {
  expect(readWords({ headers: { authorization } })).toContain(`authorization: ${sent}`);
});

test('knows where the token ends', () => {
  const headers = { authorization: 'Bearer $CONFORMANCE_TOKENx0' };
  expect(readWords({ headers })).toContain('authorization: Bearer s3cret $tokenx0');
});

test('sends empty headers, and none where there was none', () => {
  expect(readWords({ headers: { authorization: '' } })).toContain('authorization;');
  expect(readWords({ headers: {} }).join(' ')).not.toContain('authorization');
});

test('declares no form where the request declared nothing', () => {
  expect(readWords({ headers: {} })).toContain('content-type:');
  expect(readWords({ headers: {}, body: undefined })).not.toContain('content-type:');
});

test('leaves curl its own Accept-Encoding, so that the answer can be read', () => {
  expect(
    readWords({ headers: { 'accept-encoding': 'gzip', accept: 'application/json' }, body: undefined }),
  ).not.toContain('-H');
});

test('reads with GET', () => {
  const words = readWords({ method: 'GET', headers: {}, body: undefined });
  expect(words).toEqual(['-i', '--path-as-is', `${origin}${request.path}`]);
});

test('tells how a generated value was found, and how to find it again', () => {
  const generated = (tried: number, steps: number) =>
    sampleCase('fail', { id: 'fuzz/body/sendCallTo/51-100', fuzz: { seed: 42, tried, steps } });
  const again = "again with --fuzz 100 --seed 42 --only 'fuzz/body/sendCallTo/51-100'";
  expect(fuzzReproduction(generated(29, 9))).toBe(`in 29 values, made smaller in 9 steps; ${again}`);
  expect(fuzzReproduction(generated(1, 1))).toBe(`in 1 value, made smaller in 1 step; ${again}`);
  expect(fuzzReproduction(sampleCase('fail'))).toBeUndefined();
});
