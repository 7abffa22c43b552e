import { describe, expect, test } from 'vitest';
import { readOptions, readVariables } from './read-options.ts';
import { defaultOptions, type NamedOptions } from './options.ts';

const noFile = { noConfig: true };

describe('a variable', () => {
  test.each<[Record<string, string>, NamedOptions]>([
    [{ CONFORMANCE_URL: 'http://h' }, { url: 'http://h' }],
    [{ CONFORMANCE_SEND_TO: ' 1\n+2 ' }, { sendTo: ['1', '+2'] }],
    [
      { CONFORMANCE_READ_ONLY: 'true', CONFORMANCE_STRICT: 'false' },
      { readOnly: true, strict: false },
    ],
    [{ CONFORMANCE_RATE: '5' }, { rate: 5 }],
    [{ CONFORMANCE_GATEWAY_KEY: 'of a header', CONFORMANCE_HEADER_X: '', CONFORMANCE_CLIENT_SECRET: 's' }, {}],
    [{ CONFORMANCE_TOKEN: 'left to what needs it', OTHER: '' }, {}],
  ])('%j names options', (environment, named) => {
    expect(readVariables(environment)).toEqual(named);
  });

  test.each([
    [{ CONFORMANCE_URL: '' }, 'CONFORMANCE_URL is empty: give it a value, or unset it.'],
    [
      { CONFORMANCE_HEADER: 'Host: h' },
      'CONFORMANCE_HEADER: Host could make another request of what the suite sends: leave it out.',
    ],
    [
      { CONFORMANCE_READONLY: '1' },
      'CONFORMANCE_READONLY is no variable of an option: did you mean CONFORMANCE_READ_ONLY?',
    ],
    [{ conformance_url: 'x' }, 'conformance_url is no variable of an option: did you mean CONFORMANCE_URL?'],
    [{ CONFORMANCE_ONLY: ' ' }, 'CONFORMANCE_ONLY is empty: give it a value, or unset it.'],
    [{ CONFORMANCE_STRICT: 'yes' }, 'CONFORMANCE_STRICT: expected true or false, got "yes".'],
    [{ CONFORMANCE_PROFILE: 'core x' }, 'CONFORMANCE_PROFILE: expected core or bulk, got "x".'],
    [{ CONFORMANCE_TIMEOUT: '0' }, 'CONFORMANCE_TIMEOUT: expected a whole number from 1 to 600000, got "0".'],
  ])('%j is refused', (environment, line) => {
    expect(() => readVariables(environment)).toThrow(line);
  });

  test('yields to the command line, and explains what its value is blamed for', async () => {
    const environment = { CONFORMANCE_SEED: '3', CONFORMANCE_RATE: '5' };
    const { options, explain } = await readOptions({ ...noFile, rate: 7 }, environment);
    expect(options).toEqual({ ...defaultOptions, ...noFile, rate: 7, seed: 3 });
    expect(explain(new Error('--seed 3 and --rate 7 are odd.'))).toEqual(
      new Error('--seed 3 and --rate 7 are odd. (CONFORMANCE_SEED)'),
    );
  });
});

describe('a way to a token', () => {
  const client = { CONFORMANCE_CLIENT_ID: 'app', CONFORMANCE_TOKEN_URL: 'https://h/token' };

  test.each<[string, NamedOptions, NamedOptions]>([
    ['is that of variables', {}, { clientId: 'app', tokenUrl: 'https://h/token' }],
    ['is the token of the command line', { token: 'T' }, { token: 'T' }],
    ['is the file of the command line', { tokenFile: 'f' }, { tokenFile: 'f' }],
    ['is the client of the command line', { clientId: 'b' }, { clientId: 'b', tokenUrl: 'https://h/token' }],
  ])('%s', async (_, named, expected) => {
    const { options } = await readOptions({ ...noFile, ...named }, client);
    expect(options).toEqual({ ...defaultOptions, ...noFile, ...expected });
  });
});
