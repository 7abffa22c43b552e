import type { ExtraHeader } from './extra-headers.ts';
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
