import type { Answer, Behaviour, Exchange, Parameter, Reason } from './behaviour.ts';

const json = { 'content-type': 'application/json' };

/** Judges a request, lets it take effect, and finds the answer. */
export async function answerTo(behaviour: Behaviour, exchange: Exchange): Promise<Answer> {
  const operation = operationOf(exchange);
  const reason = operation ? reasonToRefuse(behaviour, exchange, operation) : 'operation';
  if (reason) {
    behaviour.afterRefusal(reason, exchange);
    return refused(behaviour, reason);
  }
  const [call] = exchange.calls ?? [];
  if (operation === 'read' && call) return answer('read', behaviour.showDetails(call, exchange));
  await behaviour.transfer(exchange);
  return transferred(behaviour, exchange);
}

/** Makes the answer of a server that failed. */
export function failure(): Answer {
  const body = { error: { code: 'internal_server_error', message: 'The server failed.' } };
  return { ...answer('refused', body), status: 500 };
}

/** Makes the answer to a request that is refused for a reason. */
export function refused(behaviour: Behaviour, reason: Reason): Answer {
  const refusal = behaviour.refusals[reason];
  return { ...answer('refused', behaviour.showRefusal(refusal)), reason, status: refusal.status };
}

function operationOf({ request, address }: Exchange): 'transfer' | 'read' | undefined {
  if (address && request.method === 'PUT') return 'transfer';
  return address?.phoneCallId && request.method === 'GET' ? 'read' : undefined;
}

function reasonToRefuse(behaviour: Behaviour, exchange: Exchange, operation: string): Parameter | undefined {
  const checked = behaviour.order.filter((parameter) => operation === 'transfer' || isOfPath(parameter));
  return checked.find((parameter) => !behaviour.accepts[parameter](valueOf(parameter, exchange), exchange));
}

function isOfPath(parameter: Parameter): boolean {
  return ['authorization', 'userId', 'extension', 'phoneCallId'].includes(parameter);
}

function valueOf(parameter: Parameter, { request, address, action }: Exchange): unknown {
  switch (parameter) {
    case 'authorization':
      return request.headers.authorization;
    case 'userId':
    case 'extension':
    case 'phoneCallId':
      return address?.[parameter];
    case 'mediaType':
      return request.headers['content-type'];
    case 'body':
      return action;
    default:
      return action?.[parameter];
  }
}

function transferred(behaviour: Behaviour, exchange: Exchange): Answer {
  const shown = (exchange.calls ?? []).map((call) => behaviour.showTransferred(call, exchange));
  if (shown.length === 0) return { ...answer('transferred', ''), headers: {}, status: 204 };
  return answer('transferred', exchange.address?.phoneCallId ? shown[0] : { entry: shown });
}

/** Makes an answer with JSON. */
export function answer(outcome: Answer['outcome'], body: unknown): Answer {
  return { outcome, status: 200, headers: json, body: JSON.stringify(body) ?? '' };
}
