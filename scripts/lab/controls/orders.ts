import { parameters, type Behaviour, type Exchange, type Parameter } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import type { UnusualServer } from '../servers/server.ts';
import { control } from './control.ts';

const body: readonly Parameter[] = [
  'mediaType',
  'body',
  'action',
  'sendCallTo',
  'transferFromNumber',
  'transferNumber',
];
const path: readonly Parameter[] = ['userId', 'extension', 'phoneCallId'];

/** Without the action: a server that looks for it first answers an unreadable body with 501, where a 4xx is documented. */
const firstOfRotations = parameters.slice(1).filter((parameter) => parameter !== 'action');

const rotations = firstOfRotations.map((first): readonly [string, string, readonly Parameter[]] => {
  const index = parameters.indexOf(first);
  return [`from-${first}`, `from the ${first} on`, [...parameters.slice(index), ...parameters.slice(0, index)]];
});

const orders: readonly (readonly [name: string, says: string, order: readonly Parameter[]])[] = [
  ['reversed', 'in reverse', [...parameters].reverse()],
  ['body-before-path', 'the body before the path', ['authorization', ...body, ...path]],
  ['body-first', 'the body at the beginning', [...body, 'authorization', ...path]],
  ['path-reversed', 'the path in reverse', ['authorization', ...path.toReversed(), ...body]],
  ['action-last', 'the action at the end', allBut('action')],
  ['call-last', 'the call at the end', allBut('phoneCallId')],
  ...rotations,
];

/** Finds a call by its id alone where the extension is invalid, so that only the extension is refused. */
const lookingUpCallsAlone: Partial<Behaviour> = {
  accepts: {
    ...documented.accepts,
    phoneCallId: (phoneCallId, exchange) =>
      documented.accepts.phoneCallId(phoneCallId, exchange) ||
      (!isExtension(exchange) && exchange.switchboard.calls.some(({ id }) => id === phoneCallId)),
  },
};

/** Servers that check a request in another order. The documentation has none: one fault gives the same refusal in each. */
export const orderedChecks: readonly UnusualServer[] = orders.map(([name, says, order]) =>
  control(`refusals/order-${name}`, `A request is checked ${says}.`, { order, ...lookingUpCallsAlone }),
);

function allBut(last: Parameter): readonly Parameter[] {
  return [...parameters.filter((parameter) => parameter !== last), last];
}

function isExtension(exchange: Exchange): boolean {
  return documented.accepts.extension(exchange.address?.extension, exchange);
}
