import process from 'node:process';
import { unnamedToken, type TransportSettings } from '../target/transport-settings.ts';
import { isLoopback } from '../target/address.ts';
import { shortestSecret } from '../target/redaction.ts';
import type { Target } from '../run/target.ts';
import { fetchToken, type ClientCredentials } from '../target/authorization.ts';
import { InputError } from '../contract/input-error.ts';
import { assertOneOf } from './option-values.ts';
import type { NamedOptions, Options } from './options.ts';
import { proxyFor } from './transport.ts';
import { createReadStream, statSync } from 'node:fs';

/** The parts of a target that say which token requests carry. */
export type TargetAuthorization = Pick<Target, 'token' | 'otherToken' | 'tokenNamed' | 'credentials' | 'expiresAt'>;

/**
 * The token that the command line names, or one that is fetched for its client credentials.
 *
 * @param baseUrl - Where the target is, and its token endpoint unless it is named.
 * @param transport - How the target is reached, which holds for the token endpoint as far as it can.
 * @param reach - Asserts that the target can be reached, which is asked once the options are known to be right.
 * @throws InputError or TokenFailure with one line, if options contradict each other or no token can be had.
 */
export async function authorizationOf(
  options: NamedOptions & Pick<Options, 'timeout'>,
  baseUrl: string,
  transport: TransportSettings = {},
  reach = async (): Promise<void> => undefined,
): Promise<TargetAuthorization> {
  const credentials = await credentialsOf(options, baseUrl, transport);
  const named = credentials === undefined ? await namedToken(options) : undefined;
  const scheme = transport.headers?.find(({ name }) => name === 'authorization');
  assertOneOf({ '--header Authorization': scheme, 'a token': credentials ?? named });
  const other = readToken(options.otherToken, '--other-token', 'CONFORMANCE_OTHER_TOKEN');
  assertOneOf({ '--header Authorization': scheme, '--other-token': other });
  if (other !== undefined && other === named) {
    throw new InputError('--other-token is the token of the run: expected one of another User.');
  }
  await reach();
  const others = other === undefined ? {} : { otherToken: other };
  if (credentials === undefined) return { token: named ?? unnamedToken, tokenNamed: named !== undefined, ...others };
  const { token, expiresAt } = await fetchToken(credentials, options.timeout);
  return { token, tokenNamed: true, credentials, ...(expiresAt === undefined ? {} : { expiresAt }), ...others };
}

/** @throws InputError with one line that does not show it, if what is named by a flag or a variable is not a token. */
function readToken(named: string | undefined, flag: string, variable: string): string | undefined {
  const token = named ?? process.env[variable];
  return token === undefined ? undefined : sound(token, named === undefined ? variable : flag);
}

async function credentialsOf(
  options: NamedOptions,
  baseUrl: string,
  transport: TransportSettings,
): Promise<ClientCredentials | undefined> {
  const { token, tokenFile, clientId, tokenUrl = `${new URL(baseUrl).origin}/oauth/token.php` } = options;
  if (clientId === undefined) {
    if (options.tokenUrl === undefined) return undefined;
    throw new InputError('--token-url says where tokens are fetched: name the client with --client-id too.');
  }
  assertOneOf({ '--token-file': tokenFile, '--client-id': clientId });
  assertOneOf({ '--token': token, '--client-id': clientId });
  const clientSecret = process.env.CONFORMANCE_CLIENT_SECRET;
  if (clientSecret === undefined || clientSecret === '') {
    throw new InputError(`--client-id ${clientId} needs the client's secret in CONFORMANCE_CLIENT_SECRET.`);
  }
  await assertSafe(tokenUrl);
  const own = endpointTransport(tokenUrl, baseUrl, transport);
  return { tokenUrl, clientId, clientSecret, ...(Object.keys(own).length > 0 && { transport: own }) };
}

/**
 * Returns the settings of connections to the token endpoint. What the target's connections trust is trusted there too,
 * but only the target's host sees the client's certificate.
 */
function endpointTransport(
  tokenUrl: string,
  baseUrl: string,
  { tls, headers = [] }: TransportSettings,
): TransportSettings {
  const proxy = proxyFor(tokenUrl);
  const isSameHost = new URL(tokenUrl).hostname === new URL(baseUrl).hostname;
  const { ca, insecure } = tls ?? {};
  const shown = isSameHost ? tls : tls && { ...(ca !== undefined && { ca }), ...(insecure === true && { insecure }) };
  // Without TLS it is on this machine: `assertSafe` has seen to it.
  const isPlain = new URL(tokenUrl).protocol === 'http:';
  // A gateway in front of both wants its key for both; other hosts must not see it.
  const isSameOrigin = new URL(tokenUrl).origin === new URL(baseUrl).origin;
  return {
    ...(isSameOrigin && headers.length > 0 && { headers }),
    ...(isPlain && { loopback: true }),
    ...(shown && { tls: shown }),
    ...(proxy !== undefined && { proxy }),
  };
}

/** A secret goes to this machine, or over TLS (RFC 6749 section 3.2), and the URL is shown in messages. */
async function assertSafe(tokenUrl: string): Promise<void> {
  const url = URL.parse(tokenUrl);
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.username}${url.password}${url.hash}` !== '') {
    throw new InputError('--token-url is no URL of a token endpoint: expected one like https://host/oauth/token.php.');
  }
  if (url.protocol === 'http:' && !(await isLoopback(tokenUrl))) {
    throw new InputError(`--token-url ${tokenUrl} is not encrypted: the client's secret is sent over https only.`);
  }
}

/** More than any token has, in bytes. */
const longestLine = 64 * 1024;

/**
 * Returns the token that the command line or the environment names, if one does.
 *
 * @throws InputError with one line that does not show it, if it is not a token, or named twice, or cannot be read.
 */
export async function namedToken({ token, tokenFile }: NamedOptions): Promise<string | undefined> {
  assertOneOf({ '--token': token, '--token-file': tokenFile });
  if (tokenFile !== undefined) return sound(await firstLine(tokenFile), `--token-file ${tokenFile}`);
  return readToken(token, '--token', 'CONFORMANCE_TOKEN');
}

/** Lists remarks on what shows the token that the command line names. */
export function tokenRemarks(
  options: NamedOptions,
  loopback: boolean,
  { token = '', tokenNamed = false }: Partial<TargetAuthorization> = {},
): string[] {
  const isShort = tokenNamed && token.length < shortestSecret;
  return [
    ...listExposures(options, loopback),
    ...(isShort ? [`the token has fewer than ${shortestSecret} characters: reports show it`] : []),
  ];
}

function listExposures({ token, otherToken, tokenFile }: NamedOptions, loopback: boolean): string[] {
  const seen = 'other users of this machine see it among its processes, use CONFORMANCE';
  if (otherToken !== undefined && !loopback) return [`--other-token: ${seen}_OTHER_TOKEN`];
  if (token !== undefined && !loopback) return [`--token: ${seen}_TOKEN or --token-file`];
  if (tokenFile === undefined || tokenFile === '-' || process.platform === 'win32') return [];
  const stat = statSync(tokenFile);
  const isOpen = stat.isFile() && (stat.mode & 0o044) !== 0;
  return isOpen ? [`--token-file: other users of this machine can read ${tokenFile}, use chmod 600`] : [];
}

/** A token as RFC 6750 section 2.1 has it, and a little more; a header field could not carry anything else. */
function sound(token: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const problem =
    token === ''
      ? 'is empty'
      : token.includes(' ')
        ? 'has a space'
        : /\p{Cc}/u.test(token)
          ? 'has a control character'
          : 'has a character beyond ASCII';
  throw new InputError(`${source}: the token ${problem}, expected what stands behind "Bearer " alone.`);
}

async function firstLine(path: string): Promise<string> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { end: longestLine });
  let text = '';
  try {
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.includes('\n') || text.length > longestLine) break;
    }
  } catch (error) {
    throw new InputError(`--token-file ${path} cannot be read: ${(error as Error).message}`);
  }
  if (text.length > longestLine) throw new InputError(`--token-file ${path} has a first line too long for a token.`);
  return text.replace(/^\ufeff/, '').replace(/\r?\n[^]*$/, '');
}
