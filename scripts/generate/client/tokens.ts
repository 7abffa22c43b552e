import { describeCause, InvalidOptionError, InvalidTokenError, TimedOutError, TokenRequestError } from './errors.ts';

/**
 * Gives the token of a request. It is asked before each request; if the server refuses the token it is asked once more,
 * with the token that was refused, and if it gives another one the request is sent again. Requests that wait at the
 * same time share one question. The signal is aborted when no request waits for the token any more.
 */
export type TokenSource = (
  refused?: string,
  context?: { readonly signal: AbortSignal },
) => string | PromiseLike<string>;

/** A token, and how many renewals there were when it was asked for. */
interface UsedToken {
  readonly token: string;
  readonly renewals: number;
}

/** Gives tokens to requests that run at the same time. Each request brings the signal that is aborted when it ends early. */
export interface Tokens {
  /** Gives the token of a request. */
  use(ended: AbortSignal): Promise<UsedToken>;
  /** Gives the token after one that was refused, which is the same if there is no other. */
  renew(used: UsedToken, ended: AbortSignal): Promise<string>;
}

/** A question to a source. */
interface Question {
  readonly answer: Promise<string>;
  /** Ends what the source does. */
  readonly abort: (reason: unknown) => void;
  waiting: number;
}

/**
 * Makes requests that run at the same time share what a source is asked: where a new token ends the one before,
 * a renewal for each of them would leave all but the last with a token that is refused.
 */
export function shareTokens(source: string | TokenSource): Tokens {
  if (typeof source === 'string') {
    return { use: async () => ({ token: source, renewals: 0 }), renew: async () => source };
  }
  let renewals = 0;
  let latest = '';
  const open = new Map<'use' | 'renew', Question>();

  const ask = (refused?: string): Question => {
    const controller = new AbortController();
    const answer = (async () => {
      const token = await source(refused, { signal: controller.signal });
      checkToken(token);
      return token;
    })();
    return { answer, abort: (reason) => controller.abort(reason), waiting: 0 };
  };

  const share = async (kind: 'use' | 'renew', ended: AbortSignal, refused?: string): Promise<string> => {
    const earlier = open.get(kind);
    const question = earlier ?? ask(refused);
    const close = (): boolean => open.get(kind) === question && open.delete(kind);
    question.waiting += 1;
    ended.addEventListener('abort', () => {
      question.waiting -= 1;
      // A source that never answers must not keep later requests waiting.
      if (question.waiting === 0 || (earlier === undefined && ended.reason instanceof TimedOutError)) close();
      if (question.waiting === 0) question.abort(ended.reason);
    });
    if (earlier === undefined) open.set(kind, question);
    try {
      const token = await question.answer;
      if (close() && kind === 'renew') {
        renewals += 1;
        latest = token;
      }
      return token;
    } catch (error) {
      close();
      throw error;
    }
  };

  return {
    async use(ended) {
      const before = renewals;
      return { token: await share('use', ended), renewals: before };
    },
    renew: async (used, ended) =>
      used.renewals !== renewals && latest !== used.token ? latest : share('renew', ended, used.token),
  };
}

/** @throws InvalidTokenError that does not contain the token. */
export function checkToken(token: unknown): void {
  if (typeof token !== 'string') throw new InvalidTokenError(`it is of the type ${typeof token}`);
  if (token === '') throw new InvalidTokenError('it is empty');
  if (/^bearer /i.test(token)) throw new InvalidTokenError('it begins with "Bearer ", which the client adds itself');
  const odd = /[^!-~]/u.exec(token);
  if (odd === null) return;
  const code = odd[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const name = /[\r\n]/.test(odd[0]) ? 'a line break' : `the character U+${code}`;
  throw new InvalidTokenError(`it has ${name} ${odd.index === token.length - 1 ? 'at its end' : 'in it'}`);
}

/** The parts of a response that are read; every `fetch` gives them. */
export interface FetchedResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The request for a token, as `fetch` takes it. */
export interface TokenRequest {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** The proof that an application is itself (RFC 6749 section 4.4). */
export interface ClientCredentials {
  /** The address of the token endpoint; VoipNow's is `https://HOST/oauth/token.php`. */
  readonly tokenUrl: string | URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Further members of the form: `scope` for example. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** Sends the request in place of the platform's `fetch`. */
  readonly fetch?: ((url: string, request: TokenRequest) => Promise<FetchedResponse>) | undefined;
}

/** The part of a token's lifetime that is used, so that it does not expire on its way. */
const usedLifetime = 0.9;

/**
 * Makes a source that fetches tokens for client credentials, and keeps each until it expires or is refused.
 *
 * @throws InvalidOptionError if something is left out; TokenRequestError, when it is asked, if no token comes.
 * @example
 * const token = clientCredentials({ tokenUrl: 'https://pbx.example.com/oauth/token.php', clientId, clientSecret });
 * const client = createTransferClient({ baseUrl: 'https://pbx.example.com', token });
 */
export function clientCredentials(credentials: ClientCredentials): TokenSource {
  const { tokenUrl, clientId, clientSecret, form, fetch = globalThis.fetch } = credentials;
  const origin = originOf(tokenUrl);
  if (origin === undefined)
    throw new InvalidOptionError('tokenUrl', 'must be an address like https://HOST/oauth/token.php');
  if (!clientId) throw new InvalidOptionError('clientId', 'must not be empty');
  if (!clientSecret) throw new InvalidOptionError('clientSecret', 'must not be empty');
  let kept: { readonly token: string; readonly until: number } | undefined;
  return async (refused, { signal } = { signal: new AbortController().signal }) => {
    if (kept !== undefined && kept.token !== refused && Date.now() < kept.until) return kept.token;
    const members = { ...form, grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const body = String(new URLSearchParams(members));
    const asked = Date.now();
    const fail = (reason: string): never => {
      throw new TokenRequestError(`No token came from ${origin}: ${reason}`);
    };
    const { status, text } = await fetch(String(tokenUrl), {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal,
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch((error: unknown) => fail(describeCause(error)));
    const { access_token: token, expires_in: lifetime, error } = membersOf(text);
    // What else the answer says may repeat the secret.
    if (status !== 200)
      fail(`it answered ${status}${typeof error === 'string' && /^\w{1,40}$/.test(error) ? ` ${error}` : ''}`);
    if (typeof token !== 'string') return fail('its answer has no access_token');
    kept = { token, until: Number(lifetime) > 0 ? asked + Number(lifetime) * 1000 * usedLifetime : Infinity };
    return token;
  };
}

function originOf(url: string | URL): string | undefined {
  try {
    const { origin } = new URL(url);
    return origin.startsWith('http') ? origin : undefined;
  } catch {
    return undefined;
  }
}

function membersOf(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {};
  } catch {
    return {};
  }
}
