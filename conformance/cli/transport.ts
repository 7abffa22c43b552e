import process from 'node:process';
import {
  parseHeader,
  type ExtraHeader,
  type TlsSettings,
  type TransportSettings,
} from '../target/transport-settings.ts';
import { InputError, readInput } from '../contract/input-error.ts';
import type { NamedOptions, Options } from './options.ts';
import type { Environment } from './read-options.ts';
import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { hasLoopbackName } from '../target/address.ts';

/**
 * Returns the settings of connections to a target, by the command line and the environment.
 *
 * @throws InputError with one line, if a file, a limit or a variable is not as it must be.
 */
export function transportSettingsOf(
  options: NamedOptions & Pick<Options, 'timeout'>,
  baseUrl: string,
): TransportSettings {
  const { timeout, connectTimeout, firstByteTimeout, header } = options;
  assertWithin('--first-byte-timeout', firstByteTimeout, '--timeout', timeout);
  assertWithin('--connect-timeout', connectTimeout, '--first-byte-timeout', firstByteTimeout);
  assertWithin('--connect-timeout', connectTimeout, '--timeout', timeout);
  const tls = tlsSettingsOf(options);
  if (tls !== undefined) assertEncrypted(options, baseUrl);
  const proxy = proxyFor(baseUrl);
  return {
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(firstByteTimeout !== undefined && { firstByteTimeout }),
    ...(tls !== undefined && { tls }),
    ...(proxy !== undefined && { proxy }),
    ...(header !== undefined && { headers: readHeaders(header) }),
  };
}

/** Lists remarks on the connections to a target, which a report shows whatever the run finds. */
export function transportRemarks({ tls }: TransportSettings, baseUrl: string): string[] {
  if (tls?.insecure !== true) return [];
  const { host } = new URL(baseUrl);
  return [`--insecure: the certificate of ${host} was not checked, anybody may have answered, and have the token`];
}

/**
 * Reads headers, with the variables of the environment that they name in place of `$VARIABLE` or `${VARIABLE}`.
 *
 * @throws InputError that names the header, if a variable is not set or holds what a header cannot.
 */
export function readHeaders(fields: readonly string[], environment: Environment = process.env): ExtraHeader[] {
  return fields.map((field) => {
    const { name, value: typed } = parseHeader(field);
    const value = typed.replaceAll(/\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g, (_, braced?: string, plain?: string) => {
      const variable = braced ?? plain ?? '';
      const found = environment[variable]?.trim() ?? '';
      if (/^[\x20-\x7e]+$/.test(found)) return found;
      const problem = found === '' ? 'is not set' : 'holds more than printable ASCII';
      throw new InputError(`--header ${name}: the variable ${variable} ${problem}.`);
    });
    return { name, value, shown: `$CONFORMANCE_HEADER_${name.replaceAll(/\W/g, '_').toUpperCase()}` };
  });
}

function assertWithin(inner: string, limit: number | undefined, outer: string, bound: number | undefined): void {
  if (limit === undefined || bound === undefined || limit <= bound) return;
  throw new InputError(`${inner} ${limit} is longer than ${outer} ${bound}, which it is a part of: expected less.`);
}

function assertEncrypted({ ca, cert, tokenUrl }: NamedOptions, baseUrl: string): void {
  if ([baseUrl, tokenUrl ?? ''].some((url) => url.startsWith('https:'))) return;
  const flag = ca !== undefined ? '--ca' : cert !== undefined ? '--cert' : '--insecure';
  throw new InputError(`${flag} is about TLS, and ${baseUrl} is not encrypted: name an https URL, or leave it out.`);
}

const passphraseVariable = 'CONFORMANCE_KEY_PASSPHRASE';

/**
 * Reads the files that the command line names, or tells that it names none.
 *
 * @throws InputError with one line, if one cannot be read, does not hold what it must, or does not belong to the other.
 */
export function tlsSettingsOf({ ca, cert, key, insecure = false }: NamedOptions): TlsSettings | undefined {
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
  const key = readInput(keyPath, `--key ${keyPath}`);
  const passphrase = process.env[passphraseVariable];
  if (!first.checkPrivateKey(privateKeyIn(key, keyPath, passphrase))) {
    throw new InputError(`--key ${keyPath} does not belong to the first certificate of --cert ${certPath}.`);
  }
  return { cert, key, ...(passphrase !== undefined && { passphrase }) };
}

function certificatesIn(flag: string, path: string): { text: string; first: X509Certificate } {
  const text = readInput(path, `${flag} ${path}`);
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

/**
 * The URL of the proxy that the environment names for a server, or undefined if requests go straight to it. Variables
 * in lower case win, as they do with curl. This machine is never asked through a proxy.
 *
 * @throws InputError if the variable holds no URL of a proxy; its text is not repeated, since it may hold a password.
 */
export function proxyFor(url: string, environment: Environment = process.env): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  if (hasLoopbackName(url) || isExcepted(hostname, port || defaultPorts[protocol], environment)) return undefined;
  const names = [`${protocol.slice(0, -1)}_proxy`, `${protocol.slice(0, -1)}_PROXY`.toUpperCase()];
  const name = names.find((each) => (environment[each] ?? '') !== '');
  if (name === undefined) return undefined;
  const text = environment[name] ?? '';
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (proxy === null || !/^https?:$/.test(proxy.protocol)) {
    throw new InputError(`${name} names no proxy: expected a URL like http://proxy.example.com:3128.`);
  }
  // A percent sign before two hexadecimal digits is an escape, any other is a mistake, which Node.js stumbles over.
  if (/%(?![\da-f]{2})/i.test(`${proxy.username}${proxy.password}`)) {
    throw new InputError(`${name} names a user or password of the proxy with a % that begins no escape: write %25.`);
  }
  return proxy.href;
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function isExcepted(hostname: string, port: string | undefined, environment: Environment): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const entries = (environment.no_proxy ?? environment.NO_PROXY ?? '').toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== '' && covers(entry, host, port));
}

/**
 * Tells whether an entry of NO_PROXY is about a host: a name with all below it, an address, a network, or everything.
 */
function covers(entry: string, host: string, port: string | undefined): boolean {
  if (entry === '*') return true;
  const [network = '', bits] = entry.split('/');
  if (bits !== undefined) return isWithin(host, network, Number(bits));
  const { name = '', ownPort } = /^\[?(?<name>.+?)\]?(?::(?<ownPort>\d+))?$/.exec(entry)?.groups ?? {};
  if (isIP(entry) !== 0) return host === entry;
  const domain = name.replace(/^\*?\./, '');
  return (ownPort === undefined || ownPort === port) && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(address: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(address) !== family || !(bits >= 0 && bits <= (family === 4 ? 32 : 128))) return false;
  const addresses = new BlockList();
  addresses.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
  return addresses.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
