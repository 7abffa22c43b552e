import { neverHarmless } from './guard.ts';
import type { Redaction } from './redaction.ts';

/** The settings of connections to a target, apart from its address. Serialisable, as a part of the target. */
export interface TransportSettings {
  /** The time limit for a connection, TLS and proxy included, in milliseconds. */
  readonly connectTimeout?: number;
  /** The time limit for the first byte of a response, in milliseconds, from the start of the request. */
  readonly firstByteTimeout?: number;
  /** Connections are made to addresses of this machine only. */
  readonly loopback?: boolean;
  readonly tls?: TlsSettings;
  /** The URL of the proxy that requests go through, with its credentials; undefined if they go straight. */
  readonly proxy?: string;
  /** The headers that every request carries besides its own. */
  readonly headers?: readonly ExtraHeader[];
}

/** The certificates and keys of a TLS connection, as PEM. */
export interface TlsSettings {
  /** Certificates that are trusted as well as those that Node.js trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The passphrase that the key is encrypted with. */
  readonly passphrase?: string;
  /** True if any certificate of the target is accepted. */
  readonly insecure?: boolean;
}

/** The time limits of a request in milliseconds, each from its start. */
export interface TimeLimits {
  readonly connect: number;
  readonly firstByte: number;
  readonly total: number;
}

/** A host that accepts connections does so within this time, however slow its answers are; in milliseconds. */
const usualConnectTimeout = 5000;

/** The time limits of a request: those that are not set follow from the one for the whole. */
export function timeLimitsOf(
  total: number,
  { connectTimeout, firstByteTimeout }: Pick<TransportSettings, 'connectTimeout' | 'firstByteTimeout'> = {},
): TimeLimits {
  const firstByte = Math.min(firstByteTimeout ?? total, total);
  return { connect: Math.min(connectTimeout ?? usualConnectTimeout, firstByte), firstByte, total };
}

/** The text that replaces a secret of these settings wherever something is shown. */
const placeholder = '$SECRET_OF_THE_CONNECTION';

/** Conceals the password of the proxy, what travels of it, the passphrase of the key, and the values of headers. */
export function addConnectionSecrets(redaction: Redaction, { tls, proxy, headers = [] }: TransportSettings = {}): void {
  const { username = '', password = '' } = proxy === undefined ? {} : new URL(proxy);
  const plain = decodeURIComponent(password);
  const sent = Buffer.from(`${decodeURIComponent(username)}:${plain}`).toString('base64');
  for (const secret of [...(plain === '' ? [] : [sent, password, plain]), tls?.passphrase ?? '']) {
    redaction.addSecret(secret, placeholder);
  }
  for (const { value, shown } of headers) {
    // The name of a scheme alone would be found everywhere.
    const [, credentials = ''] = /^\w+ +(\S+)$/.exec(value) ?? [];
    const [, decoded = ''] = /^[^:]*:([\x20-\x7e]+)$/.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
    for (const secret of [credentials === '' ? value : credentials, decoded]) {
      redaction.addSecret(secret, shown);
    }
  }
}

/** A header that requests carry besides their own: a gateway's key, for example. Serialisable. */
export interface ExtraHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Stands for the value wherever a request is shown. */
  readonly shown: string;
}

/** The token of requests where the user named none. */
export const unnamedToken = 'token';

/** Matches names that the suite's own headers have, or that make a request conditional or partial. */
const refused = /^(?:content-.*|accept|if-.*|range|prefer)$/;

/**
 * Reads a header as it was typed.
 *
 * @throws Error with one line that does not repeat the value, if it has no name or value, or one that a request cannot
 *   or must not have.
 */
export function parseHeader(field: string): { readonly name: string; readonly value: string } {
  const [, typed = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^]*?)[ \t]*$/.exec(field) ?? [];
  const name = typed.toLowerCase();
  if (name === '') throw new Error("expected 'NAME: VALUE', got no name.");
  if (!/^[\x20-\x7e]+$/.test(value))
    throw new Error(`${typed} has no value of printable ASCII: expected 'NAME: VALUE'.`);
  if (neverHarmless.test(name) || refused.test(name))
    throw new Error(`${typed} could make another request of what the suite sends: leave it out.`);
  return { name, value };
}

/**
 * Adds headers to those of a request. Authorization replaces only a token that the user did not name: some cases are
 * about a request without a token, or with another one.
 *
 * @param form - The values as they are sent, or as they are shown.
 */
export function addHeaders(
  own: Readonly<Record<string, string>>,
  extra: readonly ExtraHeader[] = [],
  form: 'value' | 'shown' = 'value',
): Record<string, string> {
  const added = extra.filter(({ name }) => {
    return name !== 'authorization' || own.authorization === `Bearer ${unnamedToken}`;
  });
  return { ...own, ...Object.fromEntries(added.map((header) => [header.name, header[form]])) };
}
