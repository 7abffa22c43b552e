import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  makeCertificates,
  passphrase,
  type Certificates,
} from '../../scripts/lab/servers/surroundings/certificates.ts';
import { tlsSettingsOf } from './tls.ts';

let folder: string;
let certificates: Certificates;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
  certificates = await makeCertificates();
  const { ca, server, client, clientWithPassphrase } = certificates;
  const files = {
    'ca.pem': ca,
    'cert.pem': client.cert,
    'key.pem': client.key,
    'encrypted-cert.pem': clientWithPassphrase.cert,
    'encrypted.pem': clientWithPassphrase.key,
    'other-key.pem': server.key,
    'empty.pem': '',
    'broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

test('nothing is set where nothing is named', () => {
  expect(tlsSettingsOf({})).toBeUndefined();
});

test('what is named is read', () => {
  vi.stubEnv('CONFORMANCE_KEY_PASSPHRASE', undefined);
  const { ca, client } = certificates;
  const named = { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem'), insecure: true };
  expect(tlsSettingsOf(named)).toEqual({ ca, ...client, insecure: true });
});

test('an encrypted key is read with its passphrase', () => {
  vi.stubEnv('CONFORMANCE_KEY_PASSPHRASE', passphrase);
  const settings = tlsSettingsOf({ cert: at('encrypted-cert.pem'), key: at('encrypted.pem') });
  expect(settings).toEqual({ ...certificates.clientWithPassphrase, passphrase });
});

describe('one line for', () => {
  test.each([
    ['a file that is not there', { ca: 'none.pem' }, undefined, /^--ca .*none\.pem cannot be read: ENOENT/],
    ['a folder', { ca: '' }, undefined, /^--ca .* cannot be read: EISDIR/],
    [
      'a file without a certificate',
      { ca: 'empty.pem' },
      undefined,
      /^--ca .*empty\.pem holds no certificate: expected/,
    ],
    [
      'a key in place of a certificate',
      { ca: 'key.pem' },
      undefined,
      /^--ca .*key\.pem holds no certificate: expected/,
    ],
    ['a broken certificate', { ca: 'broken.pem' }, undefined, /^--ca .*broken\.pem holds a certificate that cannot be/],
    ['a certificate without its key', { cert: 'cert.pem' }, undefined, /^--cert and --key .* name both\.$/],
    ['a key without its certificate', { key: 'key.pem' }, undefined, /^--cert and --key .* name both\.$/],
    [
      'no key',
      { cert: 'cert.pem', key: 'cert.pem' },
      undefined,
      /^--key .*cert\.pem holds no private key: expected PEM/,
    ],
    ['another key', { cert: 'cert.pem', key: 'other-key.pem' }, undefined, /^--key .* does not belong to the first/],
    [
      'an encrypted key',
      { cert: 'encrypted-cert.pem', key: 'encrypted.pem' },
      undefined,
      /is encrypted: give its passphrase in CONFORMANCE_KEY_PASSPHRASE\.$/,
    ],
    [
      'another passphrase',
      { cert: 'encrypted-cert.pem', key: 'encrypted.pem' },
      'wr0ng',
      /^(?!.*wr0ng).* cannot be decrypted with the passphrase in CONFORMANCE_KEY_PASSPHRASE\.$/,
    ],
  ])('%s', (_, files, given, line) => {
    vi.stubEnv('CONFORMANCE_KEY_PASSPHRASE', given);
    const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, at(file)]));
    expect(() => tlsSettingsOf(paths)).toThrow(line);
  });
});
