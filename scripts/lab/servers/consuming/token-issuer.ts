import { randomBytes } from 'node:crypto';

/** The answer of a token endpoint (RFC 6749 section 5). */
export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A client that may fetch tokens. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** Issues tokens for client credentials, and knows which of them are valid. */
export class TokenIssuer {
  readonly #client: Client;
  readonly #lifetime: number;
  readonly #issued = new Map<string, number>();

  /** @param lifetime - How long a token is valid, in seconds. */
  constructor(client: Client, lifetime: number) {
    this.#client = client;
    this.#lifetime = lifetime;
  }

  /** Every token that was issued, valid or not. */
  get issued(): readonly string[] {
    return [...this.#issued.keys()];
  }

  /** Answers a token request (RFC 6749 section 4.4.2). */
  answer(form: URLSearchParams): TokenAnswer {
    if (form.get('grant_type') !== 'client_credentials') return refused('unsupported_grant_type');
    const { id, secret } = this.#client;
    if (form.get('client_id') !== id || form.get('client_secret') !== secret) return refused('invalid_client');
    const token = randomBytes(16).toString('hex');
    this.#issued.set(token, Date.now() + this.#lifetime * 1000);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: this.#lifetime } };
  }

  /** Tells whether a token is valid, expired, or was never issued. */
  stateOf(token: string): 'valid' | 'expired' | 'unknown' {
    const expiresAt = this.#issued.get(token);
    if (expiresAt === undefined) return 'unknown';
    return Date.now() < expiresAt ? 'valid' : 'expired';
  }

  /** Ends the validity of every token before its time. */
  revokeAll(): void {
    for (const token of this.#issued.keys()) this.#issued.set(token, 0);
  }
}

function refused(error: string): TokenAnswer {
  return { status: error === 'invalid_client' ? 401 : 400, body: { error } };
}
