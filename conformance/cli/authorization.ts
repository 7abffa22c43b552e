import process from 'node:process';
import { isLoopback, type Target } from '../target/target.ts';
import { fetchToken, type ClientCredentials } from '../target/token-endpoint.ts';
import type { TransportSettings } from '../target/transport-settings.ts';
import { InputError } from '../contract/input-error.ts';
import { namedToken, type TokenOptions } from './named-token.ts';
import { proxyFor } from './proxy.ts';

/** The parts of the command line that say which token requests carry. */
export interface AuthorizationOptions extends TokenOptions {
  readonly clientId?: string;
  readonly tokenUrl?: string;
  readonly timeout: number;
}

/** The parts of a target that say which token requests carry. */
export type TargetAuthorization = Pick<Target, 'token' | 'tokenNamed' | 'credentials' | 'expiresAt'>;

/**
 * The token that the command line names, or one that is fetched for its client credentials.
 *
 * @param baseUrl - Where the target is, and its token endpoint unless it is named.
 * @param transport - How the target is reached, which holds for the token endpoint as far as it can.
 * @throws InputError or TokenFailure with one line, if options contradict each other or no token can be had.
 */
export async function authorizationOf(
  options: AuthorizationOptions,
  baseUrl: string,
  transport: TransportSettings = {},
): Promise<TargetAuthorization> {
  const credentials = credentialsOf(options, baseUrl, transport);
  if (credentials === undefined) {
    const token = await namedToken(options);
    return { token: token ?? 'token', tokenNamed: token !== undefined };
  }
  const { token, expiresAt } = await fetchToken(credentials, options.timeout);
  return { token, tokenNamed: true, credentials, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function credentialsOf(
  options: AuthorizationOptions,
  baseUrl: string,
  transport: TransportSettings,
): ClientCredentials | undefined {
  const { token, tokenFile, clientId, tokenUrl = `${new URL(baseUrl).origin}/oauth/token.php` } = options;
  if (clientId === undefined) {
    if (options.tokenUrl === undefined) return undefined;
    throw new InputError('--token-url says where tokens are fetched: name the client with --client-id too.');
  }
  if (tokenFile !== undefined) {
    throw new InputError('--token-file and --client-id exclude each other: name one of them.');
  }
  if (token !== undefined) throw new InputError('--token and --client-id exclude each other: name one of them.');
  const clientSecret = process.env.CONFORMANCE_CLIENT_SECRET;
  if (clientSecret === undefined || clientSecret === '') {
    throw new InputError(`--client-id ${clientId} needs the client's secret in CONFORMANCE_CLIENT_SECRET.`);
  }
  assertSafe(tokenUrl);
  const own = endpointTransport(tokenUrl, baseUrl, transport);
  return { tokenUrl, clientId, clientSecret, ...(Object.keys(own).length > 0 && { transport: own }) };
}

/** What is trusted is trusted there too, but the client's certificate is shown to nobody but the target's host. */
function endpointTransport(tokenUrl: string, baseUrl: string, { tls }: TransportSettings): TransportSettings {
  const proxy = proxyFor(tokenUrl);
  const isSameHost = new URL(tokenUrl).hostname === new URL(baseUrl).hostname;
  const { ca, insecure } = tls ?? {};
  const shown = isSameHost ? tls : tls && { ...(ca !== undefined && { ca }), ...(insecure === true && { insecure }) };
  return { ...(shown && { tls: shown }), ...(proxy !== undefined && { proxy }) };
}

/** A secret goes to this machine, or over TLS (RFC 6749 section 3.2), and the URL is shown in messages. */
function assertSafe(tokenUrl: string): void {
  const url = URL.parse(tokenUrl);
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}${url.hash}` !== '') {
    throw new InputError('--token-url is no URL of a token endpoint: expected one like https://host/oauth/token.php.');
  }
  if (url.protocol === 'http:' && !isLoopback(tokenUrl)) {
    throw new InputError(`--token-url ${tokenUrl} is not encrypted: the client's secret is sent over https only.`);
  }
}
