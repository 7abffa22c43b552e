import { randomBytes } from 'node:crypto';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import type { Answer, Behaviour, Exchange } from '../plain/behaviour.ts';
import { documented, newSwitchboard, type Call } from '../plain/documented.ts';
import { answer, refused, startPlainServer, type PlainServerOptions } from '../plain/start.ts';

/** The options of a consuming server. */
export interface ConsumingServerOptions extends PlainServerOptions {
  /** Issues the tokens that are accepted, at /oauth/token.php; without it `tokens` are. */
  readonly issuer?: TokenIssuer;
}

/**
 * Starts a plain server that treats calls as a telephone system does: they are placed and ring, their transfer uses them
 * up, and they stay until they are hung up. It begins with the calls of the contract's examples.
 */
export async function startConsumingServer(
  options: ConsumingServerOptions = {},
): Promise<RunningServer & { readonly calls: LiveCalls }> {
  const calls = new LiveCalls(newSwitchboard().calls);
  const behaviour = { ...consume(calls, options.issuer), ...options.behaviour };
  return { ...(await startPlainServer({ ...options, behaviour })), calls };
}

function consume(calls: LiveCalls, issuer: TokenIssuer | undefined): Partial<Behaviour> {
  const stateOf = ({ request }: Exchange) =>
    issuer?.stateOf(/^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const behaviour: Behaviour = {
    ...documented,
    accepts: {
      ...documented.accepts,
      ...(issuer && { authorization: (_, exchange) => stateOf(exchange) === 'valid' }),
      phoneCallId: (_, { calls: found, request, address }) =>
        found !== undefined &&
        (request.method !== 'PUT' ||
          address?.phoneCallId === undefined ||
          found.every((call) => calls.isTransferable(call))),
    },
    find: ({ extension, phoneCallId }) => {
      const found = calls.of(extension);
      if (phoneCallId === undefined) return found.filter((call) => calls.isTransferable(call));
      const call = found.find(({ id }) => id === phoneCallId);
      return call && [call];
    },
    transfer: (exchange) => {
      for (const call of exchange.calls ?? []) calls.useUp(call);
      return documented.transfer(exchange);
    },
    showDetails: (call, exchange) => {
      const details = documented.showDetails(call, exchange) as { phoneCallView: object[] };
      const status = calls.isOnCall(call) ? '5' : '3';
      return { ...details, phoneCallView: details.phoneCallView.map((view) => ({ ...view, status })) };
    },
    // Answers the operations that the plain server does not have.
    finish: (ready, exchange) => {
      const { request, body } = exchange;
      if (issuer !== undefined && request.method === 'POST' && request.url === '/oauth/token.php') {
        const { status, body: members } = issuer.answer(new URLSearchParams(body.toString()));
        return { ...answer('read', members), status };
      }
      if (!behaviour.accepts.authorization(request.headers.authorization, exchange)) {
        const refusal = refused(behaviour, 'authorization');
        return stateOf(exchange) === 'expired' ? { ...refusal, status: 403 } : refusal;
      }
      if (request.method === 'POST') return place(behaviour, calls, exchange);
      return request.method === 'DELETE' ? end(behaviour, calls, exchange) : ready;
    },
  };
  return behaviour;
}

/** Answers POST /uapi/phoneCalls/{user}/simple, whose path the plain server reads as that of an extension. */
function place(behaviour: Behaviour, calls: LiveCalls, exchange: Exchange): Answer {
  const { address, body, switchboard } = exchange;
  const { extension, phoneCallView: [view] = [] } = (documented.read(body) ?? {}) as {
    extension?: string;
    phoneCallView?: [{ source: string[]; destination: string[] }];
  };
  if (address?.extension !== 'simple') return refused(behaviour, 'operation');
  if (!behaviour.accepts.userId(address.userId, exchange)) return refused(behaviour, 'userId');
  if (extension === undefined || !switchboard.extensions.includes(extension)) return refused(behaviour, 'extension');
  if (!view?.source[0] || !view.destination[0]) return refused(behaviour, 'body');
  const call = calls.place(extension, view.source, view.destination);
  return answer('read', [behaviour.showDetails(call, exchange)]);
}

/** Answers DELETE of a call, which hangs it up. */
function end(behaviour: Behaviour, calls: LiveCalls, { calls: [call] = [], address }: Exchange): Answer {
  if (call === undefined || address?.phoneCallId === undefined) return refused(behaviour, 'phoneCallId');
  calls.end(call);
  return answer('read', [{ id: call.id }]);
}

/** The time until both parties have picked up, in milliseconds. */
const ringing = 40;

/** Calls that are placed, used up by their transfer, and ended. */
class LiveCalls {
  readonly #calls = new Map<string, { readonly call: Call; readonly onCallFrom: number; isUsedUp: boolean }>();
  /** The number of calls that were placed. */
  placed = 0;

  constructor(calls: readonly Call[]) {
    for (const call of calls) this.#calls.set(call.id, { call, onCallFrom: 0, isUsedUp: false });
  }

  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  /** Returns the calls of an extension; `@self` stands for all. */
  of(extension: string): readonly Call[] {
    const calls = [...this.#calls.values()].map(({ call }) => call);
    return calls.filter((call) => extension === '@self' || call.extension === extension);
  }

  /** Places a call, which rings for a while. */
  place(extension: string, source: readonly string[], destination: readonly string[]): Call {
    const id = randomBytes(10).toString('hex');
    const now = new Date().toISOString();
    const callerId = `Caller <${source[0]}>`;
    const call: Call = { id, extension, legId: '01', callerId, published: now, answered: now, source, destination };
    this.#calls.set(id, { call, onCallFrom: Date.now() + ringing, isUsedUp: false });
    this.placed++;
    return call;
  }

  isOnCall({ id }: Call): boolean {
    return (this.#calls.get(id)?.onCallFrom ?? Infinity) <= Date.now();
  }

  isTransferable(call: Call): boolean {
    return this.isOnCall(call) && this.#calls.get(call.id)?.isUsedUp === false;
  }

  useUp({ id }: Call): void {
    const live = this.#calls.get(id);
    if (live !== undefined) live.isUsedUp = true;
  }

  end({ id }: Call): void {
    this.#calls.delete(id);
  }
}

/** Issues tokens for client credentials, and knows which of them are valid. */
export class TokenIssuer {
  readonly #client: { readonly id: string; readonly secret: string };
  readonly #lifetime: number;
  readonly #issued = new Map<string, number>();

  /** @param lifetime - How long a token is valid, in seconds. */
  constructor(client: { readonly id: string; readonly secret: string }, lifetime: number) {
    this.#client = client;
    this.#lifetime = lifetime;
  }

  /** Every token that was issued, valid or not. */
  get issued(): readonly string[] {
    return [...this.#issued.keys()];
  }

  /** Answers a token request (RFC 6749 section 4.4.2) with the members of section 5. */
  answer(form: URLSearchParams): { readonly status: number; readonly body: Readonly<Record<string, unknown>> } {
    const refuse = (error: string, status: number) => ({ status, body: { error } });
    if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type', 400);
    const { id, secret } = this.#client;
    if (form.get('client_id') !== id || form.get('client_secret') !== secret) return refuse('invalid_client', 401);
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
