import { randomBytes } from 'node:crypto';
import type { Behaviour } from '../servers/plain/behaviour.ts';
import { makeAttack, token, type AttackRow } from './attack.ts';

/** Writes each character of a text in a way. */
function each(text: string, write: (code: number) => string): string {
  return [...text].map((letter) => write(letter.charCodeAt(0))).join('');
}

const hexadecimal = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
const half = token.slice(token.length / 2);

/** The ways to write a token that SECURITY.md names. */
const forms: readonly string[] = [
  token,
  token.toUpperCase(),
  token.slice(1),
  token.slice(0, -1),
  half,
  token.slice(3, 14),
  encodeURIComponent(token),
  encodeURIComponent(encodeURIComponent(token)),
  each(token, (code) => `%${hexadecimal(code, 2)}`),
  each(token, (code) => `\\u${hexadecimal(code, 4)}`),
  each(token, (code) => `\\u{${hexadecimal(code, 2)}}`),
  each(token, (code) => `\\x${hexadecimal(code, 2)}`),
  each(token, (code) => `\\${code.toString(8)}`),
  each(token, (code) => `&#${code};`),
  each(token, (code) => `&#x${hexadecimal(code, 2)}`),
  token.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('/', '&sol;').replaceAll('+', '&plus;'),
  JSON.stringify(JSON.stringify(token)),
  token.match(/.{1,6}/g)?.join('\r\n ') ?? '',
  token.match(/.{1,6}/g)?.join('=\r\n') ?? '',
  Buffer.from(token, 'utf16le').toString('latin1'),
  Buffer.from(token).toString('hex'),
  Buffer.from(token).toString('hex').toUpperCase(),
  ...['', 'a', 'ab', 'abc'].map((before) => Buffer.from(`${before}${token}${before}`).toString('base64')),
  Buffer.from(token.slice(1)).toString('base64url'),
];

/** A part of the token as the name of a field, where it has no character that a name cannot have. */
const fieldName = token.replaceAll(/[^\w+-]/g, '').slice(0, 20);

const cookies = [
  'plain-cookie-value-1',
  'with,comma-and;semicolon=2',
  'quoted"inside-the-value-3',
  'nameless-cookie-value-4',
];

const backslashes = '\\'.repeat(12_000);

function refusing(code: string, headers: () => Record<string, string | string[]> = () => ({})): Partial<Behaviour> {
  return {
    finish: (answer) => ({
      ...answer,
      status: answer.outcome === 'read' ? answer.status : 400,
      headers: { ...answer.headers, ...headers() },
      body: JSON.stringify({ id: code, error: { code, message: code } }),
    }),
  };
}

const rows: readonly AttackRow[] = [
  [
    'secrets/echoes',
    'Answers repeat the token in all documented forms, in bodies, fields, and names of fields.',
    [1],
    refusing(forms.join(' | '), () => ({
      [fieldName]: 'a',
      [`x-${fieldName.slice(4)}`]: 'a',
      'www-authenticate': token,
      location: `/${encodeURIComponent(token)}`,
      'x-cut': token.slice(2, -2),
      'x-base64': Buffer.from(`:${token}`).toString('base64'),
    })),
    { isChecked: true },
  ],
  [
    'secrets/cookies',
    'Cookies of one answer are repeated by all that follow.',
    [1],
    refusing(cookies.join(' '), () => ({
      'set-cookie': [`a=${cookies[0]}; Path=/`, `b=${cookies[1]}; HttpOnly`, `c="${cookies[2]}"`, `${cookies[3]}`],
    })),
    { secrets: cookies },
  ],
  [
    'secrets/64-cookies',
    'Answers set 64 cookies and have 12 KB of backslashes.',
    [1],
    refusing(backslashes, () => ({
      'set-cookie': Array.from({ length: 64 }, (_, index) => `c${index}=value-of-the-cookie-${index}`),
    })),
  ],
  [
    'secrets/another-cookie-each-time',
    'Each answer sets 20 other cookies.',
    [1],
    refusing(backslashes, () => ({
      'set-cookie': Array.from({ length: 20 }, (_, index) => `c${index}=${randomBytes(40).toString('base64')}`),
    })),
  ],
  [
    'secrets/escapes-in-fields',
    'Answers have 14 fields of escapes.',
    [1],
    refusing('a', () =>
      Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`x-${index}`, '&amp;'.repeat(800)])),
    ),
  ],
  [
    'secrets/many-fields',
    'Answers have 1,900 fields.',
    [1],
    refusing('a', () => Object.fromEntries(Array.from({ length: 1900 }, (_, index) => [`x-${index}`, `${index}%41`]))),
  ],
  [
    'secrets/escape-sequences',
    'Texts of answers have escape sequences of terminals, bidirectional letters and markup.',
    [1],
    refusing('\u001b]0;PWNED\u0007\u001b[2J\u009b2J\u202e</pre><script>alert(1)</script>]]>\u0085'),
  ],
  [
    'secrets/commands-of-runners',
    'Texts of answers have commands for the runners of jobs.',
    [1],
    refusing(
      `${'x'.repeat(70)} ::stop-commands::x ::set-output name=a::1\n::error::y ##[add-mask]a ##vso[task.setvariable variable=PATH]/evil\r\n::save-state name=a::b section_start:1:a`,
    ),
    { isChecked: true },
  ],
];

export const secretAttacks = rows.map(makeAttack);
