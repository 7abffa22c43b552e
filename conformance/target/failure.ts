import { EncodingFailure, OversizedBody } from './body.ts';
import type { TransportFailure } from './exchange.ts';

/** The longest header that is read, in bytes. */
export const longestHeaders = 64 * 1024;

/** A response that ended too early, or as something else. */
export class IncompleteMessage extends Error {}

/** A response that did not end in time. */
export class TimeLimitExceeded extends Error {
  constructor(timeout: number) {
    super(`No complete response came within ${timeout} ms`);
  }
}

const connectionErrors = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);

/** What an error of the transport means, for an implementer to read. */
export function failureOf(error: unknown): TransportFailure {
  const { message = String(error), code = '' } = error as NodeJS.ErrnoException;
  if (error instanceof TimeLimitExceeded) return { kind: 'time-out', message };
  if (error instanceof OversizedBody) return { kind: 'too large', message };
  if (error instanceof EncodingFailure) return { kind: 'encoding', message };
  if (error instanceof IncompleteMessage) return { kind: 'closed', message };
  if (connectionErrors.has(code)) return { kind: 'connection', message: message || code };
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { kind: 'too large', message: `The header is longer than ${longestHeaders} bytes` };
  }
  if (code.startsWith('HPE_')) return { kind: 'malformed', message: `The response is no HTTP message: ${message}` };
  return { kind: 'closed', message: `The connection was closed before the response was complete (${message})` };
}
