import type { Operation } from '../contract/contract.ts';
import type { Refusal } from '../contract/refusal.ts';
import type { Check } from './check.ts';
import { shows } from './effects.ts';
import { isRefusedWith } from './refusal.ts';
import { isSuccess } from './success.ts';

const requirement = 'effects/transfers-at-once';

/** Each of several transfers that arrive at once is answered with a success, or with a refusal that fits the moment. */
export function isAcceptedAtOnce(operation: Operation, refusal?: Refusal): Check {
  const success = isSuccess(requirement, operation);
  const refused = refusal && isRefusedWith(requirement, [refusal]);
  return {
    name: refused === undefined ? success.name : `${success.name}, or ${refused.name}`,
    requirement,
    run: (exchange) => {
      if (exchange.failure !== undefined) {
        return [{ at: 'message', expected: 'an answer to each transfer', actual: exchange.failure.message }];
      }
      return refused?.run(exchange).length === 0 ? [] : success.run(exchange);
    },
  };
}

/** A call that several transfers sent elsewhere ends at one of their numbers. */
export const showsOneOfTheNumbers: Check = {
  name: 'moves the call to one of the numbers',
  requirement,
  looksAt: 'calls',
  applies: ({ readings }) => readings?.before.outcome === 'read' && readings.sentTo.length > 0,
  run: ({ readings }) => {
    if (readings === undefined || readings.sentTo.some((number) => shows(readings.after, number))) return [];
    const expected = `a destination ${[...new Set(readings.sentTo)].join(' or ')}`;
    return [{ at: 'call', expected, actual: readings.after.destinations.join(', ') || readings.after.description }];
  },
};
