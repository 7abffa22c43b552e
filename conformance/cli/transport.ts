import type { TransportSettings } from '../target/transport-settings.ts';
import { InputError } from '../contract/input-error.ts';
import { proxyFor } from './proxy.ts';
import { tlsSettingsOf, type TlsOptions } from './tls.ts';

/** The parts of the command line that say how a target is reached. */
export interface TransportOptions extends TlsOptions {
  readonly timeout: number;
  readonly connectTimeout?: number;
  readonly firstByteTimeout?: number;
  readonly tokenUrl?: string;
}

/**
 * How a target is reached, by the command line and the environment.
 *
 * @throws InputError with one line, if a file, a limit or a variable is not as it must be.
 */
export function transportSettingsOf(options: TransportOptions, baseUrl: string): TransportSettings {
  const { timeout, connectTimeout, firstByteTimeout } = options;
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
  };
}

/** What is to be known of how a target is reached, whatever the run finds. */
export function transportRemarks({ tls }: TransportSettings, baseUrl: string): string[] {
  if (tls?.insecure !== true) return [];
  const { host } = new URL(baseUrl);
  return [`--insecure: the certificate of ${host} was not checked, anybody may have answered, and have the token`];
}

function assertWithin(inner: string, limit: number | undefined, outer: string, bound: number | undefined): void {
  if (limit === undefined || bound === undefined || limit <= bound) return;
  throw new InputError(`${inner} ${limit} is longer than ${outer} ${bound}, which it is a part of: expected less.`);
}

function assertEncrypted({ ca, cert, tokenUrl }: TransportOptions, baseUrl: string): void {
  if ([baseUrl, tokenUrl ?? ''].some((url) => url.startsWith('https:'))) return;
  const flag = ca !== undefined ? '--ca' : cert !== undefined ? '--cert' : '--insecure';
  throw new InputError(`${flag} is about TLS, and ${baseUrl} is not encrypted: name an https URL, or leave it out.`);
}
