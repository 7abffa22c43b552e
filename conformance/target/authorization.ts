import { asObject, parseIfJson, type JsonObject } from '../contract/json.ts';
import type { Exchange } from './exchange.ts';
import { afterFreeTime } from './in-time.ts';
import { otherTokenPlaceholder, Redaction } from './redaction.ts';
import { requestText } from './transport.ts';
import { addConnectionSecrets, type TransportSettings } from './transport-settings.ts';

/** The token of a run, and where the next one comes from. Serialisable, as a part of the target. */
export interface Authorization {
  readonly token: string;
  /** The token of another User, which is a secret too. */
  readonly otherToken?: string;
  /** True if somebody named the token, so that it is a secret. True as well if left out. */
  readonly tokenNamed?: boolean;
  /** The endpoint of new tokens, and the application that asks for them. Left out if the user gave the token itself. */
  readonly credentials?: ClientCredentials;
  /** The time at which the token expires, in milliseconds since the epoch. Left out if it is unknown. */
  readonly expiresAt?: number;
  /** The time limit of one request, in milliseconds. */
  readonly timeout: number;
  /** The settings of connections to the target. They have secrets too. */
  readonly transport?: TransportSettings;
}

/** The tokens of one run. */
export interface TokenSource {
  /**
   * The token to send: the one at hand, or a new one if it expired.
   *
   * @throws TokenFailure if a new one cannot be fetched.
   */
  current(): Promise<string>;
  /**
   * The token to send in place of one that the target refused, or undefined if there is no other.
   *
   * @throws TokenFailure if a new one cannot be fetched.
   */
  instead(refused: string): Promise<string | undefined>;
  /** Tells the source whether a token that it gave instead of a refused one was of any use. */
  judge(wasAccepted: boolean): void;
  /** Notices the cookies that an answer sets, which are secrets of the target. */
  noticeCookies(exchange: Exchange): void;
  /** Returns a text without the tokens and cookies of the run so far, the client's secret, and those of the connection. */
  hide(text: string): string;
}

/**
 * The number of tokens in a row that may be fetched after refusals and be refused too. After that, the fault is not the
 * token's.
 */
const toleratedRefusals = 3;

/** A source that starts from a token, and fetches a new one when it expired or was refused (RFC 6749 section 4.4). */
export function createTokenSource(authorization: Authorization): TokenSource {
  const { token, otherToken = '', tokenNamed = true, credentials, expiresAt, timeout, transport } = authorization;
  let latest: FetchedToken = { token, expiresAt };
  let underWay: Promise<FetchedToken> | undefined;
  let refusals = 0;
  const redaction = new Redaction();
  // The default token is not secret.
  if (tokenNamed) redaction.addToken(token);
  redaction.addSecret(otherToken, otherTokenPlaceholder);
  redaction.addToken(credentials?.clientSecret ?? '');
  addConnectionSecrets(redaction, transport);

  async function fetched(from: ClientCredentials): Promise<string> {
    underWay ??= fetchToken(from, timeout).finally(() => (underWay = undefined));
    latest = await underWay;
    redaction.addToken(latest.token);
    return latest.token;
  }

  return {
    current: async () => {
      const hasExpired = latest.expiresAt !== undefined && latest.expiresAt <= Date.now();
      return credentials !== undefined && hasExpired ? fetched(credentials) : latest.token;
    },
    instead: async (refused) => {
      if (credentials === undefined || refusals >= toleratedRefusals) return undefined;
      return latest.token === refused ? fetched(credentials) : latest.token;
    },
    judge: (wasAccepted) => {
      refusals = wasAccepted ? 0 : refusals + 1;
    },
    noticeCookies: (exchange) => redaction.addCookies(exchange),
    hide: (text) => redaction.hide(text),
  };
}

/** The endpoint of tokens, and the proof of identity that an application shows it (RFC 6749 section 4.4). */
export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The settings of connections to the endpoint, where they are not as usual. */
  readonly transport?: TransportSettings;
}

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
  // Made where it is needed: it takes room, and a token may be fetched for each request.
  const hide = (text: string) => {
    const redaction = new Redaction();
    redaction.addToken(clientSecret);
    addConnectionSecrets(redaction, transport);
    return redaction.hide(text);
  };
  try {
    const { status, text } = await ask(credentials, timeout);
    // Before anything is cut, since half a secret may not be found.
    const { token, lifetime } = tokenIn(status, isSuccess(status) ? text : hide(text));
    return { token, expiresAt: lifetime === undefined ? undefined : started + lifetime * 1000 * usedLifetime };
  } catch (error) {
    const reason = hide((error as Error).message)
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
  const answer = asObject(parseIfJson(text));
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
function refusalIn(status: number, { error, error_description: description }: JsonObject): string {
  if (status >= 300 && status < 400) return `it redirects (${status}), which is not followed: name the final URL`;
  if (typeof error !== 'string') return `it answered ${status} without an OAuth error`;
  const detail = typeof description === 'string' ? ` (${shortened(description)})` : '';
  const advice = error === 'invalid_client' ? '; check --client-id and CONFORMANCE_CLIENT_SECRET' : '';
  return `it answered ${status} ${shortened(error)}${detail}${advice}`;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
