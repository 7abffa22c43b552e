import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { firstHalf, Redaction, tokenPlaceholder } from './redaction.ts';
import { longestText, redacted, shortened } from './shown-exchange.ts';

const token = 's3cret/"token+1=';

/** A function that takes secrets out of a text. */
function hiding(...secrets: readonly string[]): (text: string) => string {
  const redaction = new Redaction();
  for (const secret of secrets) redaction.addSecret(secret, '#');
  return (text) => redaction.hide(text);
}
const hide = hiding(token);

/** Each character as a number in some notation. */
const each = (notation: (code: number) => string) => (text: string) =>
  [...text].map((character) => notation(character.charCodeAt(0))).join('');
const hexadecimal = (code: number) => code.toString(16).padStart(2, '0');

const writings: readonly (readonly [name: string, write: (text: string) => string])[] = [
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
  ['in JavaScript, in hexadecimal', each((code) => `\\x${hexadecimal(code)}`)],
  ['in JavaScript, in braces', each((code) => `\\u{${code.toString(16)}}`)],
  ['in JavaScript, in octal', each((code) => `\\${code.toString(8)}`)],
  ['in HTML', (text) => text.replaceAll('"', '&quot;').replaceAll('+', '&#43;').replaceAll('/', '&#x2F;')],
  ['in HTML by names', (text) => text.replaceAll('"', '&QUOT;').replaceAll('+', '&plus;').replaceAll('/', '&sol;')],
  ['in HTML without semicolons', each((code) => `&#${code}`)],
  ['in hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
  ['in hexadecimal digits, apart', each((code) => `${hexadecimal(code)} `)],
  ['wrapped', (text) => text.replace(/.{5}/g, '$&\r\n ')],
  ['wrapped within JSON', (text) => JSON.stringify(text.replace(/.{5}/g, '$&\n')).slice(1, -1)],
  ['in UTF-16', (text) => [...text].join('\0')],
  ['in base64', (text) => Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)],
  ['in base64 for URLs', (text) => Buffer.from(text).toString('base64url').slice(0, -1)],
  [
    'in base64 within a URL',
    (text) => encodeURIComponent(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)),
  ],
];

describe('a secret is concealed', () => {
  test.each(writings)('%s', (_, write) => {
    expect(hide(`[${write(token).trimEnd()}], [${write(token).trimEnd()}]`)).toBe('[#], [#]');
  });

  test.each(['', 'Bearer ', 'x', 'ab', 'user:'])('in base64 behind %j, in a row of eight digits', (before) => {
    const written = Buffer.from(`${before}${token}; more`).toString('base64');
    expect(hide(written)).toContain('#');
    expect(Buffer.from(hide(written).replace('#', ''), 'base64').toString('latin1')).not.toContain('cret');
    expect(
      hide(
        `${before}${Buffer.from(`${before}${token}`)
          .toString('base64')
          .slice(before.length + 2)}`,
      ),
    ).toContain('#');
  });

  test('of which any eight characters in a row are left', () => {
    for (let start = 0; start + 8 <= token.length; start++) {
      for (let end = start + 8; end <= token.length; end++) {
        expect(hide(`[${token.slice(start, end)}… `)).toBe('[#… ');
      }
    }
  });

  test('whatever it is, and whatever is around it', () => {
    // Without the four characters that begin escapes: the tables below have such secrets.
    const tokens = fc.stringMatching(/^[!-$'-<>-[\]-~]{8,200}={0,2}$/);
    fc.assert(
      fc.property(tokens, fc.string(), fc.constantFrom(...writings), (secret, around, [, write]) => {
        const shown = hiding(secret)(`${around} ${write(secret)} ${around}`);
        expect(shown.toLowerCase()).not.toContain(write(secret).toLowerCase());
      }),
      { numRuns: 100 },
    );
  });
});

test.each([
  ['has spaces, and is wrapped', 'my secret has spaces', 'my\r\n  secret\n has spac\r\n es'],
  ['has what is percent-encoded, once more', 'abc%3Adef%2Fghi%25', 'abc%253Adef%252Fghi%2525'],
  [
    'has backslashes, in JSON within JSON',
    'ab\\\\cd\\"ef\\ngh',
    JSON.stringify(JSON.stringify('ab\\\\cd\\"ef\\ngh')).slice(3, -3),
  ],
  ['has a break that is percent-encoded, as numbers', 'abcde%0afgh', each((code) => `&#${code};`)('abcde%0afgh')],
  ['ends in equals signs, and is wrapped', 'abcdefgh==', 'abc=\r\ndefgh=\r\n=='],
  ['means fewer characters, percent-encoded twice', '!!%00!!!', '!!%252500!!!'],
  ['is short, as numbers', 's3c!', each((code) => `&#${code};`)('s3c!')],
  ['consists of spaces', ' '.repeat(20), ' '.repeat(9)],
  ['is not ASCII, percent-encoded', 'pässwörter', encodeURIComponent('pässwörter')],
])('a secret is concealed that %s', (_, odd, text) => {
  expect(hiding(odd)(`[${text}]`)).toBe('[#]');
});

test.each(['Bearer other', 's3c', 'token', 'c3Rva2VuIG9mIG90aGVycw=='])('%j is not a secret', (text) => {
  expect(hide(text)).toBe(text);
});

test('a short secret is concealed in its letters only, since words are like it', () => {
  expect(hiding('abcd')('abcd ABCD abcde a\nbcd')).toBe('# ABCD #e #');
  expect(hiding('abc')('abc')).toBe('abc');
  expect(hiding('p@"1')('p@"1 p%40%221 p@\\"1 P@')).toBe('# # # P@');
  expect(hiding('')('text')).toBe('text');
});

test.each(['.*.*', '$&$&', '$1$1', '((((', 'a|b|c'])('the secret %s is taken as text', (odd) => {
  expect(hiding(odd)(`Bearer ${odd}; token`)).toBe('Bearer #; token');
});

test('a whole token is concealed as itself, though it has another one in it', () => {
  const redaction = new Redaction();
  redaction.addSecret('other-token', '$OTHER');
  redaction.addToken('token');
  expect(redaction.hide('Bearer other-token')).toBe('Bearer $OTHER');
  expect(redaction.hide('Bearer token')).toBe(`Bearer ${tokenPlaceholder}`);
});

test('a token and its first half have placeholders', () => {
  for (const secret of [token, 's3cret123', 'Q'.repeat(20) + token]) {
    const redaction = new Redaction();
    redaction.addToken(secret);
    expect(redaction.hide(`Bearer ${secret}, Bearer ${firstHalf(secret)}`)).toBe(
      'Bearer $CONFORMANCE_TOKEN, Bearer $HALF_OF_CONFORMANCE_TOKEN',
    );
  }
});

describe('a text of 1 MiB is searched in linear time, though it reads in very many ways', () => {
  const filledWith = (text: string) => text.repeat(Math.ceil(1024 ** 2 / text.length));

  test.each([
    ['backslashes', token, '\\'],
    ['spaces, as the secret has them', `x${' '.repeat(8)}yzzzzzzzzzz`, `x${' '.repeat(40)}`],
    ['spaces, as the secret', ' '.repeat(4096), ' '],
    ['breaks that are written', '\\n'.repeat(2048), '\\n'],
    ['breaks behind equals signs', '='.repeat(4096), '=\n'],
    ['percent signs that are encoded', '%25'.repeat(1365), '%25'],
    ['ampersands that are escaped', '&amp;'.repeat(819), '&amp;amp;'],
    ['the beginning of the secret', `${'a'.repeat(16)}b`, 'a'],
    ['lines of the secret', token, `${token.slice(0, 12)}\n`],
  ])('%s', (_, secret, unit) => {
    const text = filledWith(unit);
    expect(hiding(secret)(text).length).toBeLessThanOrEqual(text.length);
  });
});

describe('redacted', () => {
  const body = { length: 10, json: { value: { token } }, problem: undefined };
  const exchange: Exchange = {
    request: { method: 'PUT', path: '/uapi', headers: { authorization: `Bearer ${token}` }, body: '{}' },
    response: {
      status: 400,
      headers: { 'www-authenticate': `Bearer ${token}` },
      body: { ...body, text: token },
      duration: 1,
    },
    failure: undefined,
  };

  const answeredWith = (text: string, headers: Record<string, string> = {}): Exchange => ({
    ...exchange,
    response: { status: 400, duration: 1, headers, body: { ...body, text } },
  });

  test('hides the token wherever the exchange shows it', () => {
    const before = {
      outcome: 'read',
      sources: [token],
      destinations: [`tel:${token}`],
      description: `answered with 400 ${token}`,
    } as const;
    const others = [{ extension: '1', call: '2', before, after: before, sentTo: [] }];
    const failure = { kind: 'malformed', message: `Unexpected ${token}` } as const;
    const headers = { 'www-authenticate': `Bearer ${token}`, [`x-${token}`]: 'value' };
    const full = { ...answeredWith(token, headers), failure, readings: { before, after: before, sentTo: [], others } };
    const shown = redacted(full, hide);
    expect(JSON.stringify(shown)).not.toContain(token);
    expect(shown).toMatchObject({
      request: { headers: { authorization: 'Bearer #' } },
      response: { headers: { 'www-authenticate': 'Bearer #', 'x-#': 'value' }, body: { text: '#' } },
      failure: { message: 'Unexpected #' },
      readings: { before: { destinations: ['tel:#'] } },
    });
  });

  test('leaves alone a token that is none of the user', () => {
    expect(redacted(exchange, (text) => text).request.headers).toEqual(exchange.request.headers);
  });

  test('cuts what is too long to show, and tells how long it was', () => {
    const long = 'x'.repeat(70_000);
    const { request } = redacted({ ...exchange, request: { ...exchange.request, body: long } }, hide);
    expect(request.body).toMatch(/^x{4096}… \(70000 characters\)$/);
  });

  test('does not show a token that is cut in two', () => {
    const shown = redacted(answeredWith(`${'x'.repeat(4090)}${token}`), hide);
    expect(shown.response?.body.text).not.toContain(token.slice(0, 6));
  });

  const setting = (...fields: readonly string[]) => answeredWith(token, { 'set-cookie': fields.join('\n') });
  const hidingCookies = (...fields: readonly string[]) => {
    const redaction = new Redaction();
    redaction.addCookies(setting(...fields));
    return (text: string) => redaction.hide(text);
  };

  test('hides the values of cookies, and leaves their names', () => {
    const sid = 'sid=abcdefghijkl; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly';
    expect(redacted(setting(sid, 'theme="dark"; Secure'), hide).response?.headers['set-cookie']).toBe(
      'sid=…; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly, theme=…; Secure',
    );
  });

  test.each([
    ['sid=abcdefghijkl; Path=/', 'abcdefghijkl'],
    ['abcdefghijkl; Path=/', 'abcdefghijkl'],
    ['sid=abcd,efghijkl', 'abcd,efghijkl'],
    ['sid="abcd;efghijkl"; Path=/', 'abcd;efghijkl'],
    ['sid="abcd;efghijkl"; Path=/', 'efghijkl'],
    ['sid=abcd"efghijkl', 'abcd"efghijkl'],
    ['sid=abcd=efghijkl;', 'abcd=efghijkl'],
  ])('hides the cookie of %s wherever it is repeated', (field, value) => {
    const hideCookies = hidingCookies('first=1', field);
    expect(hideCookies(`[${value}]`)).toBe('[…]');
    expect(hideCookies(Buffer.from(value).toString('hex'))).toBe('…');
  });

  test('hides a short value of a cookie in its field alone', () => {
    expect(hidingCookies('theme=dark; Path=/')('dark, Path=/, theme=')).toBe('dark, Path=/, theme=');
  });

  test('hides the latest of very many cookies, and tokens as before', () => {
    const redaction = new Redaction({ lasting: 1000, cookies: 1000 });
    redaction.addToken(token);
    for (let count = 100; count < 300; count++) redaction.addCookies(setting(`sid=value-of-${count}`));
    expect(redaction.hide(`[value-of-299] [value-of-298] [${token}]`)).toBe(`[…] […] [${tokenPlaceholder}]`);
  });

  test('shows nothing where there are more tokens than can be sought', () => {
    const redaction = new Redaction({ lasting: 200, cookies: 200 });
    for (let count = 100; count < 300; count++) redaction.addToken(`token-${count}`);
    expect(redaction.hide('some text')).toBe('…');
  });

  test('searches no more of a long body than may be shown', () => {
    const searched: number[] = [];
    const text = `${'x'.repeat(4090)}${token}${'y'.repeat(1024 ** 2)}`;
    const shown = redacted(answeredWith(text), (part) => {
      searched.push(part.length);
      return hide(part);
    });
    expect(Math.max(...searched)).toBeLessThan(20_000);
    expect(shown.response?.body.text).toBe(`${'x'.repeat(4090)}#yyyyy… (${text.length} characters)`);
  });

  test('shows no beginning of a secret that is cut where the search ends', () => {
    const long = 'c00kie'.repeat(600);
    const text = `${long.repeat(3)}${'x'.repeat(1480)}${long.repeat(300)}`;
    const shown = redacted(answeredWith(text), hiding(long));
    expect(shown.response?.body.text).not.toContain('c00');
  });

  test('changes nothing of the exchange that it is given', () => {
    const before = structuredClone(exchange);
    redacted(exchange, hide);
    expect(exchange).toEqual(before);
  });
});

test.each([
  ['', 3, ''],
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc… (4 characters)'],
])('%j is cut to %i characters at most, and its length is told', (text, longest, expected) => {
  expect(shortened(text, longest)).toBe(expected);
});

test('a text is cut only where it is longer than somebody reads', () => {
  expect(shortened('x'.repeat(longestText))).toHaveLength(longestText);
  expect(shortened('x'.repeat(longestText + 1)).length).toBeLessThan(longestText + 30);
});
