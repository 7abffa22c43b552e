import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { cookieValues, hidden, redacted, tokenPlaceholder, withoutCookie } from './secrets.ts';

const token = 's3cret/token+1=';
const hide = (text: string) => hidden(text, token);

describe('hidden', () => {
  test.each([
    ['plain', token],
    ['percent-encoded', encodeURIComponent(token)],
    ['in base64', Buffer.from(token).toString('base64')],
    ['in base64 without padding', Buffer.from(token).toString('base64').replaceAll('=', '')],
  ])('leaves no token that is %s', (_, form) => {
    expect(hidden(`one ${form}, two ${form}`, token)).toBe(`one ${tokenPlaceholder}, two ${tokenPlaceholder}`);
  });

  test.each(['.*', '$&', '$1', '(', 'a|b'])('takes the token %s for text', (odd) => {
    expect(hidden(`Bearer ${odd}; token`, odd)).toBe(`Bearer ${tokenPlaceholder}; token`);
  });

  test('changes nothing where there is no token', () => {
    expect(hidden('Bearer token', '')).toBe('Bearer token');
    expect(hidden('Bearer other', token)).toBe('Bearer other');
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

  test('hides the token wherever the exchange shows it', () => {
    const { request, response } = redacted(exchange, hide);
    expect(request.headers.authorization).toBe(`Bearer ${tokenPlaceholder}`);
    expect(response?.headers['www-authenticate']).toBe(`Bearer ${tokenPlaceholder}`);
    expect(response?.body.text).toBe(tokenPlaceholder);
    expect(JSON.stringify(redacted(exchange, hide))).not.toContain(token);
  });

  test('hides the token in a failure', () => {
    const failure = { kind: 'malformed', message: `Unexpected ${token}` } as const;
    const shown = redacted({ ...exchange, response: undefined, failure }, hide);
    expect(shown.failure?.message).toBe(`Unexpected ${tokenPlaceholder}`);
    expect(shown.response).toBeUndefined();
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
    const text = `${'x'.repeat(4090)}${token}`;
    const shown = redacted(
      { ...exchange, response: exchange.response && { ...exchange.response, body: { ...body, text } } },
      hide,
    );
    expect(shown.response?.body.text).not.toContain(token.slice(0, 6));
  });

  test('hides the token where a call that is read shows it', () => {
    const before = {
      outcome: 'read',
      destinations: [`tel:${token}`],
      description: `answered with 400 ${token}`,
    } as const;
    const others = [{ extension: '1', call: '2', before, after: before, sentTo: [] }];
    const shown = redacted({ ...exchange, readings: { before, after: before, sentTo: [], others } }, hide);
    expect(JSON.stringify(shown)).not.toContain(token);
    expect(shown.readings?.before.destinations).toEqual([`tel:${tokenPlaceholder}`]);
  });

  test('hides the values of cookies, and leaves their names', () => {
    const setCookie = 'sid=abcdefghijkl; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly, theme="dark"; Secure';
    const response = exchange.response && { ...exchange.response, headers: { 'set-cookie': setCookie } };
    expect(cookieValues({ ...exchange, response })).toEqual(['abcdefghijkl']);
    expect(redacted({ ...exchange, response }, hide).response?.headers['set-cookie']).toBe(
      'sid=…; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly, theme=…; Secure',
    );
  });

  test('searches no more of a long body than may be shown', () => {
    const searched: number[] = [];
    const text = `${'x'.repeat(4090)}${token}${'y'.repeat(1024 ** 2)}`;
    const response = exchange.response && { ...exchange.response, body: { ...body, text } };
    const shown = redacted({ ...exchange, response }, (part) => {
      searched.push(part.length);
      return hide(part);
    });
    expect(Math.max(...searched)).toBeLessThan(20_000);
    expect(shown.response?.body.text).toBe(`${'x'.repeat(4090)}$CONFO… (${text.length} characters)`);
  });

  test('shows no beginning of a secret that is cut where the search ends', () => {
    const long = 'c00kie'.repeat(600);
    const text = `${long.repeat(3)}${'x'.repeat(1480)}${long.repeat(300)}`;
    const response = exchange.response && { ...exchange.response, body: { ...body, text } };
    const shown = redacted({ ...exchange, response }, (part) => withoutCookie(part, long));
    expect(shown.response?.body.text).not.toContain('c00');
  });

  test('shows no text where an answer sets more cookies than can be sought', () => {
    const cookies = (count: number) => Array.from({ length: count }, (_, index) => `c=value-of-cookie-${index}`);
    const fields = (count: number) => ({ 'set-cookie': cookies(count).join(', ') });
    const setting = (count: number) => ({
      ...exchange,
      response: exchange.response && { ...exchange.response, headers: fields(count) },
    });
    const shown = (count: number) => cookieValues(setting(count)).reduce(withoutCookie, 'some text');
    expect([shown(64), shown(65), shown(3000)]).toEqual(['some text', '…', '…']);
    expect(cookieValues(setting(3000))).toHaveLength(1);
  });

  test('changes nothing of the exchange that it is given', () => {
    const before = structuredClone(exchange);
    redacted(exchange, hide);
    expect(exchange).toEqual(before);
  });
});
