import { afterFreeTime } from './free-time.ts';
import { Redaction } from './redaction.ts';
import { requestText } from './request-text.ts';
import { addConnectionSecrets, type TransportSettings } from './transport-settings.ts';

/** The endpoint of tokens, and the proof of identity that an application shows it (RFC 6749 section 4.4). */
export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The settings of connections to the endpoint, where they are not as usual. */
  readonly transport?: TransportSettings;
}

/** A token that was fetched. */
export interface FetchedToken {
  readonly token: string;
  /** The time from which it is not to be used any more, in milliseconds since the epoch. Undefined if it is unknown. */
  readonly expiresAt: number | undefined;
}

/** No token could be fetched. Its message is one line, and free of secrets. */
export class TokenFailure extends Error {}

/** The part of a token's lifetime that is used. The rest keeps it from expiring on its way. */
const usedLifetime = 0.9;

/**
 * Fetches a token for client credentials, which go in the form (RFC 6749 sections 2.3.1 and 4.4.2). Redirects are not
 * followed.
 *
 * @throws TokenFailure if the endpoint cannot be reached, refuses, or answers with anything but a bearer token.
 */
export async function fetchToken(credentials: ClientCredentials, timeout: number): Promise<FetchedToken> {
  const { tokenUrl, clientSecret, transport } = credentials;
  const started = Date.now();
  const redaction = new Redaction();
  redaction.addToken(clientSecret);
  addConnectionSecrets(redaction, transport);
  try {
    const { status, text } = await ask(credentials, timeout);
    // Before anything is cut, since half a secret may not be found.
    const { token, lifetime } = tokenIn(status, isSuccess(status) ? text : redaction.hide(text));
    return { token, expiresAt: lifetime === undefined ? undefined : started + lifetime * 1000 * usedLifetime };
  } catch (error) {
    const reason = redaction
      .hide((error as Error).message)
      .replaceAll(/\s+/g, ' ')
      .replace(/[.?]$/, '');
    throw new TokenFailure(`No token came from ${tokenUrl}: ${reason}.`);
  }
}

async function ask({ tokenUrl, clientId, clientSecret, transport }: ClientCredentials, timeout: number) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form).toString();
  const expiry = new AbortController();
  const stop = afterFreeTime(timeout, () => expiry.abort(new TokenFailure(`no complete answer within ${timeout} ms`)));
  try {
    return await requestText(tokenUrl, { method: 'POST', headers, body, signal: expiry.signal, transport });
  } finally {
    stop();
  }
}

/** Reads an answer of the token endpoint (RFC 6749 sections 5.1 and 5.2). */
function tokenIn(status: number, text: string): { token: string; lifetime: number | undefined } {
  const answer = membersOf(text);
  if (!isSuccess(status)) throw new Error(refusalIn(status, answer));
  const { access_token: token, token_type: type = 'Bearer', expires_in: lifetime } = answer;
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new Error(`its answer ${status} has no access_token; is it the URL of a token endpoint`);
  }
  if (String(type).toLowerCase() !== 'bearer') {
    throw new Error(`its token is of the type ${shortened(String(type))}, expected Bearer`);
  }
  const seconds = lifetime === undefined || lifetime === null ? undefined : Number(lifetime);
  return { token, lifetime: seconds !== undefined && seconds > 0 ? seconds : undefined };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Describes an error response. VoipNow's are flat, as the standard has them. */
function refusalIn(status: number, { error, error_description: description }: Record<string, unknown>): string {
  if (status >= 300 && status < 400) return `it redirects (${status}), which is not followed: name the final URL`;
  if (typeof error !== 'string') return `it answered ${status} without an OAuth error`;
  const detail = typeof description === 'string' ? ` (${shortened(description)})` : '';
  const advice = error === 'invalid_client' ? '; check --client-id and CONFORMANCE_CLIENT_SECRET' : '';
  return `it answered ${status} ${shortened(error)}${detail}${advice}`;
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
