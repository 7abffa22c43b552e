import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concealed } from './concealment.ts';
import { firstHalf } from './disguises.ts';

const secret = 's3cret/"token+1=';
const placeholders = { whole: '#', beginning: '~' };
const hide = (text: string) => concealed(text, secret, placeholders);

/** Each character as a number in some notation. */
const each = (notation: (code: number) => string) => (text: string) =>
  [...text].map((character) => notation(character.charCodeAt(0))).join('');
const hexadecimal = (code: number) => code.toString(16).padStart(2, '0');

const disguises: readonly (readonly [name: string, disguise: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in capital letters', (text) => text.toUpperCase()],
  ['in small letters', (text) => text.toLowerCase()],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in small letters', (text) => encodeURIComponent(text).toLowerCase()],
  ['percent-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['percent-encoded as a whole', each((code) => `%${hexadecimal(code)}`)],
  ['in a form', (text) => new URLSearchParams({ text }).toString().slice('text='.length)],
  ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
  ['in JSON within JSON', (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ['in JSON as PHP writes it', (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/')],
  ['in JSON as numbers', each((code) => `\\u00${hexadecimal(code)}`)],
  ['in HTML', (text) => text.replaceAll('"', '&quot;').replaceAll('+', '&#43;').replaceAll('/', '&#x2F;')],
  ['in hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
  ['wrapped', (text) => text.replace(/.{5}/g, '$&\r\n ')],
  ['wrapped within JSON', (text) => text.replace(/.{5}/g, '$&\\n').replaceAll('"', '\\"')],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in base64 without padding', (text) => Buffer.from(text).toString('base64').replace(/=+$/, '')],
  ['in base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
  ['in base64 within a URL', (text) => encodeURIComponent(Buffer.from(text).toString('base64'))],
];

describe('a secret is found', () => {
  test.each(disguises)('%s', (_, disguise) => {
    expect(hide(`[${disguise(secret)}], [${disguise(secret)}]`)).toBe('[#], [#]');
  });

  test.each(['Bearer ', 'x', 'ab', 'user:'])('in base64 behind %j', (before) => {
    const shown = hide(Buffer.from(`${before}${secret}; more`).toString('base64'));
    expect(shown).toContain('#');
    expect(Buffer.from(shown.replace('#', ''), 'base64').toString('latin1')).not.toContain('cret');
  });

  test('though it is cut', () => {
    for (let length = firstHalf(secret).length; length < secret.length; length++) {
      expect(hide(`it was ${secret.slice(0, length)}… `)).toBe('it was ~… ');
    }
  });

  test('whatever it is, and whatever is around it', () => {
    const tokens = fc.stringMatching(/^[\x21-\x7e]{8,200}$/);
    fc.assert(
      fc.property(tokens, fc.string(), fc.constantFrom(...disguises), (token, around, [, disguise]) => {
        const shown = concealed(`${around} ${disguise(token)} ${around}`, token, placeholders);
        expect(shown.toLowerCase()).not.toContain(disguise(token).toLowerCase());
      }),
      { numRuns: 30 },
    );
  });
});

test.each(['Bearer other', 's3c', 'token', 'c3Rva2VuIG9mIG90aGVycw=='])('%j is no secret', (text) => {
  expect(hide(text)).toBe(text);
});

test('a short secret is found as it is only, since words are like it', () => {
  expect(concealed('abc ABC abcd a\nbc', 'abc', placeholders)).toBe('# ABC #d a\nbc');
});

test('a long text without a secret is soon done with', () => {
  const long = 's3cret/"toke\n'.repeat(80_000);
  expect(hide(long)).toBe('~\n'.repeat(80_000));
});

describe('a text of 1 MiB is soon done with, though it reads in very many ways', () => {
  const filledWith = (text: string) => text.repeat(Math.ceil(1024 ** 2 / text.length));
  const spaced = `x${' '.repeat(8)}yzzzzzzzzzz`;

  test.each([
    ['backslashes', secret, '\\'],
    ['spaces, as the secret has them', spaced, `x${' '.repeat(40)}`],
    ['nothing but spaces, as the secret', ' '.repeat(4096), ' '],
    ['breaks that are written', '\\n'.repeat(2048), '\\n'],
    ['breaks that are percent-encoded', '%0a'.repeat(1365), '%0a'],
    ['breaks behind equals signs', '='.repeat(4096), '=\n'],
    ['runs of backslashes', '\\'.repeat(4096), `${'\\'.repeat(4096)}${' '.repeat(256)}`],
    ['escaped quotation marks', '\\"'.repeat(2048), '\\'],
    ['percent signs that are encoded', '%25'.repeat(1365), '%25'],
    ['ampersands that are escaped', '&amp;'.repeat(819), '&amp;amp;'],
    ['what begins as the secret', `${'a'.repeat(16)}b`, 'a'],
  ])('%s', (_, hostile, unit) => {
    const text = filledWith(unit);
    expect(concealed(text, hostile, placeholders).length).toBeLessThanOrEqual(text.length);
  });
});

test.each([
  ['has spaces, and is wrapped', 'my secret has spaces', 'my\r\n  secret\n has spac\r\n es'],
  ['has what is percent-encoded, once more', 'abc%3Adef%2Fghi%25', 'abc%253Adef%252Fghi%2525'],
  [
    'has backslashes, in JSON within JSON',
    'ab\\\\cd\\"ef\\n',
    JSON.stringify(JSON.stringify('ab\\\\cd\\"ef\\n')).slice(3, -3),
  ],
  ['has a break that is percent-encoded, as numbers', 'abc%0adef%0d', each((code) => `&#${code};`)('abc%0adef%0d')],
  ['ends in equals signs, and is wrapped', 'abcdefgh==', 'abc=\r\ndefgh=\r\n=='],
])('a secret is found that %s', (_, odd, text) => {
  expect(concealed(`[${text}]`, odd, placeholders)).toBe('[#]');
});
