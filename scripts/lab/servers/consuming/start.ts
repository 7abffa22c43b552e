import { answer, refused } from '../plain/answer.ts';
import type { Answer, Behaviour, Exchange } from '../plain/behaviour.ts';
import { documented } from '../plain/documented.ts';
import { startPlainServer, type PlainServerOptions } from '../plain/start.ts';
import { newSwitchboard } from '../plain/switchboard.ts';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import { LiveCalls } from './live-calls.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** What can be different about a consuming server. */
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
 * and they are there until somebody hangs up. It begins with the calls of the contract's examples.
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

/** What is answered to the operations that the plain server does not have, or what it answered to the others. */
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

/** Answers POST /uapi/phoneCalls/{user}/simple, which the plain server takes for the path of an extension. */
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
