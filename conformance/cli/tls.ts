import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { TlsSettings } from '../target/transport-settings.ts';
import { InputError } from '../contract/input-error.ts';

/** The parts of the command line that say whom to trust, and who is asking. */
export interface TlsOptions {
  /** The path of certificates that are trusted. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure?: boolean;
}

const passphraseVariable = 'CONFORMANCE_KEY_PASSPHRASE';

/**
 * Reads the files that the command line names, or tells that it names none.
 *
 * @throws InputError with one line, if one cannot be read, does not hold what it must, or does not belong to the other.
 */
export function tlsSettingsOf({ ca, cert, key, insecure = false }: TlsOptions): TlsSettings | undefined {
  if ((cert === undefined) !== (key === undefined)) {
    throw new InputError('--cert and --key are of no use without each other: name both.');
  }
  const settings = {
    ...(ca !== undefined && { ca: certificatesIn('--ca', ca).text }),
    ...(cert !== undefined && key !== undefined && identityIn(cert, key)),
    ...(insecure && { insecure }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}

function identityIn(certPath: string, keyPath: string): Pick<TlsSettings, 'cert' | 'key' | 'passphrase'> {
  const { text: cert, first } = certificatesIn('--cert', certPath);
  const key = contentOf('--key', keyPath);
  const passphrase = process.env[passphraseVariable];
  if (!first.checkPrivateKey(privateKeyIn(key, keyPath, passphrase))) {
    throw new InputError(`--key ${keyPath} does not belong to the first certificate of --cert ${certPath}.`);
  }
  return { cert, key, ...(passphrase !== undefined && { passphrase }) };
}

function certificatesIn(flag: string, path: string): { text: string; first: X509Certificate } {
  const text = contentOf(flag, path);
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    const [first] = blocks.map((block) => new X509Certificate(block));
    if (first !== undefined) return { text, first };
  } catch (error) {
    throw new InputError(`${flag} ${path} holds a certificate that cannot be read: ${(error as Error).message}`);
  }
  throw new InputError(`${flag} ${path} holds no certificate: expected PEM, with a line -----BEGIN CERTIFICATE-----.`);
}

function privateKeyIn(key: string, path: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    if (!/ENCRYPTED/.test(key)) {
      throw new InputError(
        `--key ${path} holds no private key: expected PEM, with a line -----BEGIN PRIVATE KEY-----.`,
      );
    }
    throw new InputError(
      passphrase === undefined
        ? `--key ${path} is encrypted: give its passphrase in ${passphraseVariable}.`
        : `--key ${path} cannot be decrypted with the passphrase in ${passphraseVariable}.`,
    );
  }
}

function contentOf(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`${flag} ${path} cannot be read: ${(error as Error).message}`);
  }
}
