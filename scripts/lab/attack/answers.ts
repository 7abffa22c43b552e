import { randomBytes } from 'node:crypto';
import type { Behaviour } from '../servers/plain/behaviour.ts';
import { makeAttack, token, type AttackRow } from './attack.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Repeats an item of JSON until the list has a length in bytes. */
function repeated(item: string | ((index: number) => string), length: number): string {
  const items: string[] = [];
  for (let size = 0, index = 0; size < length; index++) {
    const next = typeof item === 'string' ? item : item(index);
    size += next.length + 1;
    if (size < length) items.push(next);
  }
  return items.join(',');
}

function views(item: string, length: number): string {
  return `{"id":"b817d2618fe6f1804333","extension":"0003*210","phoneCallView":[${repeated(item, length)}]}`;
}

const nested = `${'['.repeat(90)}${']'.repeat(90)}`;
const most = mebibyte - 100;

/** Bodies of every answer: few bytes with many violations, and as much JSON as is read or judged. */
const bodies: Readonly<Record<string, () => string>> = {
  'empty-views-9-kB': () => views('{}', 9 * kibibyte),
  'empty-views-1-MB': () => views('{}', most),
  'views-of-nulls-1-MB': () => views('{"source":null,"status":null,"flow":null}', most),
  'null-array-1-MB': () => `[${repeated('null', most)}]`,
  'nested-arrays-1-MB': () => `[${repeated(nested, most)}]`,
  'entries-of-calls-1-MB': () => `{"entry":[${repeated((index) => `{"id":"${index}","extension":"0003*210"}`, most)}]}`,
  'judged-nulls': () => `[${repeated('null', 5 * 49_000)}]`,
  'judged-keys': () => `{${repeated((index) => `"${index.toString(36)}":1`, 7 * 48_000)}}`,
  'the-same-key-1-MB': () => `{${repeated('"id":1', most)}}`,
  'many-texts-1-MB': () => views(`{"source":["${'a'.repeat(200)}"],"callerId":null}`, most),
  'long-parties-1-MB': () => {
    const parties = repeated((index) => `"${index}${'é'.repeat(1500)}"`, 60 * kibibyte);
    const view = `{"source":[${parties}],"destination":[${parties}]}`;
    const ids = ['b817d2618fe6f1804333', 'c4d90aa1b7e25f604418', '9f3e51d07ab8426c1177'];
    return `{"entry":[${ids.map((id) => `{"id":"${id}","phoneCallView":[${view}]}`).join(',')}]}`;
  },
  'backslashes-1-MB': () => `{"error":{"code":"${'\\\\'.repeat(mebibyte / 2 - 100)}","message":"m"}}`,
  'digits-1-MB': () => `{"id":${'9'.repeat(most)}}`,
  'surrogates-1-MB': () => `{"id":"${'\\ud800'.repeat(mebibyte / 6 - 100)}"}`,
  'markup-1-MB': () => '<p>'.repeat(mebibyte / 3 - 100),
};

/** Writes each character of a text in a way. */
function each(text: string, write: (digits: string) => string, radix = 16): string {
  return [...text].map((letter) => write(letter.charCodeAt(0).toString(radix))).join('');
}

/** Writes a secret in the ways that SECURITY.md names. */
export function writeForms(secret: string): string[] {
  return [
    secret,
    secret.toUpperCase(),
    secret.slice(1),
    secret.slice(0, -1),
    secret.slice(secret.length / 2),
    secret.slice(3, 14),
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    each(secret, (digits) => `%${digits}`),
    each(secret, (digits) => `\\u${digits.padStart(4, '0')}`),
    each(secret, (digits) => `\\u{${digits}}`),
    each(secret, (digits) => `\\x${digits}`),
    each(secret, (digits) => `\\${digits}`, 8),
    each(secret, (digits) => `&#${digits};`, 10),
    each(secret, (digits) => `&#x${digits};`),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('/', '&sol;').replaceAll('+', '&plus;'),
    JSON.stringify(JSON.stringify(secret)),
    secret.match(/.{1,6}/g)?.join('\r\n ') ?? '',
    secret.match(/.{1,6}/g)?.join('=\r\n') ?? '',
    Buffer.from(secret, 'utf16le').toString('latin1'),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    ...['', 'a', 'ab', 'abc'].map((before) => Buffer.from(`${before}${secret}${before}`).toString('base64')),
    Buffer.from(secret.slice(1)).toString('base64url'),
  ];
}

/** A part of the token as the name of a field, where it has no character that a name cannot have. */
const fieldName = token.replaceAll(/[^\w+-]/g, '').slice(0, 20);

const cookies = ['plain-cookie-value-1', 'with,comma-and;semicolon=2', 'quoted"inside-the-value-3', 'nameless-value-4'];

const backslashes = '\\'.repeat(12_000);

function setCookies(count: number, valueOf: (index: number) => string) {
  return { 'set-cookie': Array.from({ length: count }, (_, index) => `c${index}=${valueOf(index)}`) };
}

/** Makes a server that refuses all but readings, by a code and with header fields. */
export function refusing(
  code: string,
  headers: () => Record<string, string | string[]> = () => ({}),
): Partial<Behaviour> {
  return {
    finish: (answer) => ({
      ...answer,
      status: answer.outcome === 'read' ? answer.status : 400,
      headers: { ...answer.headers, ...headers() },
      body: JSON.stringify({ id: code, error: { code, message: code } }),
    }),
  };
}

const secrets: readonly AttackRow[] = [
  [
    'secrets/echoes',
    [1],
    refusing(writeForms(token).join(' | '), () => ({
      [fieldName]: 'a',
      [`x-${fieldName.slice(4)}`]: 'a',
      'www-authenticate': token,
      location: `/${encodeURIComponent(token)}`,
      'x-cut': token.slice(2, -2),
      'x-base64': Buffer.from(`:${token}`).toString('base64'),
    })),
  ],
  // Cookies of one answer are repeated by all that follow.
  [
    'secrets/cookies',
    [1],
    refusing(cookies.join(' '), () => ({
      'set-cookie': [`a=${cookies[0]}; Path=/`, `b=${cookies[1]}; HttpOnly`, `c="${cookies[2]}"`, `${cookies[3]}`],
    })),
    cookies,
  ],
  ['secrets/64-cookies', [1], refusing(backslashes, () => setCookies(64, (index) => `value-of-the-cookie-${index}`))],
  [
    'secrets/another-cookie-each-time',
    [1],
    refusing(backslashes, () => setCookies(20, () => randomBytes(40).toString('base64'))),
  ],
  [
    'secrets/many-fields',
    [1],
    refusing('a', () => Object.fromEntries(Array.from({ length: 1900 }, (_, index) => [`x-${index}`, `${index}%41`]))),
  ],
  [
    'secrets/long-fields',
    [1],
    refusing('a', () => ({
      link: '<a>; rel="x", '.repeat(1000),
      location: '/%'.repeat(6000),
      allow: 'GET, '.repeat(2000),
    })),
  ],
  [
    'secrets/escape-sequences',
    [1],
    refusing('\u001b]0;PWNED\u0007\u001b[2J\u009b2J\u202e</pre><script>alert(1)</script>]]>\u0085'),
  ],
  [
    'secrets/commands-of-runners',
    [1],
    refusing(
      `${'x'.repeat(70)} ::stop-commands::x ::set-output name=a::1\n::error::y ##[add-mask]a ##vso[task.setvariable variable=PATH]/evil\r\n::save-state name=a::b section_start:1:a`,
    ),
  ],
];

/** Attacks by what answers hold. */
export const answerAttacks = [
  ...Object.entries(bodies).map(([name, makeBody]): AttackRow => [
    `bodies/${name}`,
    [1],
    () => {
      const body = makeBody();
      return { finish: (answer) => ({ ...answer, body: answer.status === 204 ? '' : body }) };
    },
  ]),
  ...secrets,
].map(makeAttack);
