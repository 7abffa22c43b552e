import { randomBytes } from 'node:crypto';
import type { Answer, Behaviour, Exchange } from '../plain/behaviour.ts';
import { documented } from '../plain/documented.ts';
import { answer, refused, startPlainServer, type PlainServerOptions } from '../plain/start.ts';
import { newSwitchboard, type Call } from '../plain/documented.ts';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** The options of a consuming server. */
export interface ConsumingServerOptions extends PlainServerOptions {
  /** Issues the tokens that are accepted, at /oauth/token.php; without it `tokens` are. */
  readonly issuer?: TokenIssuer;
}

/** A server with its calls. */
export interface ConsumingServer extends RunningServer {
  readonly calls: LiveCalls;
}

/**
 * Starts a server that treats calls as a telephone system does: they are placed and ring, their transfer uses them up,
 * and they stay until they are hung up. It begins with the calls of the contract's examples.
 */
export async function startConsumingServer(options: ConsumingServerOptions = {}): Promise<ConsumingServer> {
  const calls = new LiveCalls(newSwitchboard().calls);
  const behaviour = { ...consuming(calls, options.issuer), ...options.behaviour };
  const { url, close } = await startPlainServer({ ...options, behaviour });
  return { url, close, calls };
}

function consuming(calls: LiveCalls, issuer: TokenIssuer | undefined): Partial<Behaviour> {
  const behaviour: Behaviour = {
    ...documented,
    accepts: {
      ...documented.accepts,
      ...(issuer && { authorization: (value) => issuer.stateOf(tokenIn(value)) === 'valid' }),
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
    transfer: async (exchange) => {
      for (const call of exchange.calls ?? []) calls.useUp(call);
      await documented.transfer(exchange);
    },
    showDetails: (call, exchange) => {
      const details = documented.showDetails(call, exchange) as { phoneCallView: object[] };
      const status = calls.isOnCall(call) ? '5' : '3';
      return { ...details, phoneCallView: details.phoneCallView.map((view) => ({ ...view, status })) };
    },
    finish: (ready, exchange) => finished(behaviour, calls, issuer, ready, exchange),
  };
  return behaviour;
}

/** Answers the operations that the plain server does not have; keeps its answers to the others. */
function finished(
  behaviour: Behaviour,
  calls: LiveCalls,
  issuer: TokenIssuer | undefined,
  ready: Answer,
  exchange: Exchange,
): Answer {
  const { request, body } = exchange;
  if (issuer !== undefined && request.method === 'POST' && request.url === '/oauth/token.php') {
    const { status, body: members } = issuer.answer(new URLSearchParams(body.toString()));
    return { ...answer('read', members), status };
  }
  const isForbidden = !behaviour.accepts.authorization(request.headers.authorization, exchange);
  if (isForbidden) {
    const hasExpired = issuer?.stateOf(tokenIn(request.headers.authorization)) === 'expired';
    return hasExpired ? { ...refused(behaviour, 'authorization'), status: 403 } : refused(behaviour, 'authorization');
  }
  if (request.method === 'POST') return placed(behaviour, calls, exchange);
  if (request.method === 'DELETE') return ended(behaviour, calls, exchange);
  return ready;
}

/** Answers POST /uapi/phoneCalls/{user}/simple, whose path the plain server reads as that of an extension. */
function placed(behaviour: Behaviour, calls: LiveCalls, exchange: Exchange): Answer {
  const { address, body, switchboard } = exchange;
  const { extension, phoneCallView } = (documented.read(body) ?? {}) as {
    extension?: string;
    phoneCallView?: [{ source: string[]; destination: string[] }];
  };
  if (address?.extension !== 'simple') return refused(behaviour, 'operation');
  if (!behaviour.accepts.userId(address.userId, exchange)) return refused(behaviour, 'userId');
  if (extension === undefined || !switchboard.extensions.includes(extension)) return refused(behaviour, 'extension');
  const [view] = phoneCallView ?? [];
  if (!view?.source[0] || !view.destination[0]) return refused(behaviour, 'body');
  const call = calls.place(extension, view.source, view.destination);
  return answer('read', [behaviour.showDetails(call, exchange)]);
}

/** Answers DELETE of a call, which hangs it up. */
function ended(behaviour: Behaviour, calls: LiveCalls, { calls: found, address }: Exchange): Answer {
  const [call] = found ?? [];
  if (call === undefined || address?.phoneCallId === undefined) return refused(behaviour, 'phoneCallId');
  calls.end(call);
  return answer('read', [{ id: call.id }]);
}

function tokenIn(authorization: unknown): string {
  return /^Bearer ([^\s]+)$/i.exec(String(authorization))?.[1] ?? '';
}

/** The time until both parties have picked up, in milliseconds. */
const ringing = 40;

interface LiveCall {
  readonly call: Call;
  readonly onCallFrom: number;
  isUsedUp: boolean;
}

/** Calls that are placed, used up by their transfer, and ended. */
export class LiveCalls {
  readonly #calls = new Map<string, LiveCall>();
  #placed = 0;

  constructor(calls: readonly Call[]) {
    for (const call of calls) this.#calls.set(call.id, { call, onCallFrom: 0, isUsedUp: false });
  }

  /** The number of calls that were placed. */
  get placed(): number {
    return this.#placed;
  }

  /** The ids of the calls that were not hung up. */
  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  /** Returns the calls of an extension; `@self` stands for all. */
  of(extension: string): readonly Call[] {
    return [...this.#calls.values()]
      .map(({ call }) => call)
      .filter((call) => extension === '@self' || call.extension === extension);
  }

  /** Places a call, which rings for a while. */
  place(extension: string, source: readonly string[], destination: readonly string[]): Call {
    const id = randomBytes(10).toString('hex');
    const now = new Date().toISOString();
    const callerId = `Caller <${source[0]}>`;
    const call: Call = { id, extension, legId: '01', callerId, published: now, answered: now, source, destination };
    this.#calls.set(id, { call, onCallFrom: Date.now() + ringing, isUsedUp: false });
    this.#placed++;
    return call;
  }

  /** Tells whether both parties have picked up. */
  isOnCall({ id }: Call): boolean {
    return (this.#calls.get(id)?.onCallFrom ?? Infinity) <= Date.now();
  }

  /** Tells whether a call may be transferred: both parties have picked up, and it was not transferred before. */
  isTransferable(call: Call): boolean {
    return this.isOnCall(call) && this.#calls.get(call.id)?.isUsedUp === false;
  }

  /** Remembers that a call was transferred: it is read as before, but not transferred again. */
  useUp({ id }: Call): void {
    const live = this.#calls.get(id);
    if (live !== undefined) live.isUsedUp = true;
  }

  /** Hangs a call up. */
  end({ id }: Call): void {
    this.#calls.delete(id);
  }
}
