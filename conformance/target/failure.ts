import type { TransportFailure } from './exchange.ts';
import type { TimeLimits } from './transport-settings.ts';

/** The longest header that is read, in bytes. */
export const longestHeaders = 64 * 1024;

/** The way from here to the target. */
export interface Route {
  /** The host of the target, as its URL has it. */
  readonly host: string;
  /** The URL of the proxy that is between, without credentials. */
  readonly proxy: string | undefined;
}

/** The reason why there is no complete response, which the suite itself found. */
export class IncompleteExchange extends Error {
  readonly kind: TransportFailure['kind'];

  constructor(kind: TransportFailure['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A proxy that does not let a request through. */
export class ProxyRefusal extends Error {}

/** A response that did not get so far in time. */
export class TimeLimitExceeded extends IncompleteExchange {
  /** @param came - What of a response came in time. */
  constructor(limit: keyof TimeLimits, milliseconds: number, came = 'nothing came') {
    const texts: Readonly<Record<keyof TimeLimits, string>> = {
      connect: `No connection came about within ${milliseconds} ms, the time limit for connecting`,
      firstByte: `No byte of a response came within ${milliseconds} ms, the time limit for the first one`,
      total: `No complete response came within ${milliseconds} ms, the time limit of a request: ${came}`,
    };
    super('time-out', texts[limit]);
  }
}

/**
 * Describes an error of the transport for an implementer to read.
 *
 * @param isConnecting - True if there was no connection yet.
 */
export function failureOf(error: unknown, route: Route, isConnecting = false): TransportFailure {
  const { message = String(error), code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof IncompleteExchange) return { kind: error.kind, message };
  const isRefused = error instanceof ProxyRefusal || code === 'ERR_PROXY_TUNNEL';
  if (isConnecting || isRefused || isAlert(code)) return { kind: 'connection', message: reasonOf(error, route) };
  const oversized = oversizedParts[code];
  if (oversized !== undefined) return { kind: 'too large', message: oversized };
  if (isHttp2(error)) return { kind: 'connection', message: `${route.host} ${speaksHttp2}` };
  if (code.startsWith('HPE_')) return { kind: 'malformed', message: `The response is no HTTP message: ${message}` };
  return { kind: 'closed', message: `The connection was closed before the response was complete (${message})` };
}

const oversizedParts: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The header is longer than ${longestHeaders} bytes, the limit`,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'The chunk extensions are longer than 16384 bytes, the limit',
};

/** Says why no connection can be made, and what to do. */
function reasonOf(error: unknown, { host, proxy }: Route): string {
  const { message = String(error), code = '', syscall } = error as NodeJS.ErrnoException;
  if (error instanceof ProxyRefusal || code === 'ERR_PROXY_TUNNEL') {
    const answer = /HTTP\/1\.[01] (\d{3}.*)$/.exec(message)?.[1] ?? message;
    return `the proxy ${proxy} refuses (${answer}): see HTTP_PROXY, HTTPS_PROXY and NO_PROXY`;
  }
  const peer = proxy === undefined ? host : new URL(proxy).hostname;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host ${peer} is unknown (${code})`;
  if (proxy !== undefined && syscall === 'connect') return `the proxy ${proxy} cannot be reached (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${host} is for another host (${shortened(message)})`;
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${host} has expired: renew it, or try with --insecure`;
  if (code === 'CERT_NOT_YET_VALID')
    return `the certificate of ${host} is not valid yet: see the clocks, here and there`;
  if (isAboutCertificates(code)) {
    return `the certificate of ${host} is not trusted (${shortened(message)}): name the one that issued it with --ca FILE`;
  }
  if (code.endsWith('ALERT_NO_APPLICATION_PROTOCOL')) return `${host} ${speaksHttp2}`;
  if (isAlert(code)) {
    return `${host} refuses the TLS connection (${code}): it may demand a client certificate, --cert and --key`;
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return `${host} does not speak TLS there (${code})`;
  return message || code;
}

const speaksHttp2 = 'speaks HTTP/2 only, and the suite speaks HTTP/1.1: let it, or a proxy before it, take that too';

/** Tells whether the bytes that are no HTTP/1.1 are a SETTINGS frame, with which HTTP/2 begins (RFC 9113 section 3.4). */
function isHttp2(error: unknown): boolean {
  const { rawPacket } = error as { rawPacket?: Buffer };
  return rawPacket !== undefined && rawPacket.length >= 9 && rawPacket[3] === 4 && rawPacket.readUInt32BE(5) === 0;
}

/** A message of Node.js without its advice, which is about Node.js. */
function shortened(message: string): string {
  return message.split(/; if |\. Host: /)[0] ?? message;
}

/** The codes of verification are those of OpenSSL, without a prefix of their own. */
function isAboutCertificates(code: string): boolean {
  return /CERT|^UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$/.test(code) && !code.startsWith('ERR_SSL_');
}

/** Tells whether a code means that the other side ended a TLS connection and said so. */
function isAlert(code: string): boolean {
  return /^ERR_SSL_.*ALERT/.test(code);
}
