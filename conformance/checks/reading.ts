import type { Operation } from '../contract/contract.ts';
import { formatAnswer } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { callsIn } from '../call/fixture.ts';
import { formatValue, type Check } from './check.ts';

/** Statuses by which a target says that calls cannot be read, or not with this token. */
const unsupported: readonly number[] = [401, 403, 404, 405, 501];

/** Tells whether the answer to a reading says that calls cannot be read at all. */
export function isUnsupported({ response }: Exchange): boolean {
  return response !== undefined && unsupported.includes(response.status);
}

/** Demands of the reading of an existing call a status with which the contract shows a PhoneCall. */
export function isRead(operation: Operation): Check {
  const statuses = operation.responses
    .filter(({ status, content }) => status.startsWith('2') && content.length > 0)
    .map(({ status }) => status);
  return {
    name: `is answered with ${statuses.join(', ')} and a PhoneCall`,
    requirement: 'read-back/details',
    applies: (exchange) => exchange.response !== undefined && !isUnsupported(exchange),
    run: ({ response }) => {
      if (response === undefined) return [];
      const body = response.body.json?.value;
      if (statuses.includes(String(response.status))) {
        if (callsIn(body ?? null).length > 0) return [];
        return [{ at: 'body', expected: 'a PhoneCall, by itself or as an entry', actual: formatValue(body) }];
      }
      return [{ at: 'status', expected: statuses.join(', '), actual: formatAnswer(response.status, body) }];
    },
  };
}
