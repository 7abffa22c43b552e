import type { Exchange } from './exchange.ts';
import { otherTokenPlaceholder, Redaction } from './redaction.ts';
import { fetchToken, type ClientCredentials, type FetchedToken } from './token-endpoint.ts';
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
