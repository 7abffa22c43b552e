import type { Operation } from '../contract/contract.ts';
import { readErrorCode } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { callsIn } from '../call/fixture.ts';
import { shown, type Check } from './check.ts';

/** The answers by which a target says that it offers no way to read calls, or not to this token. */
const unsupported: readonly number[] = [401, 403, 404, 405, 501];

/** Whether a target offers no way to read calls. */
export function isUnsupported({ response }: Exchange): boolean {
  return response !== undefined && unsupported.includes(response.status);
}

/** A call that exists is read with the status that the contract shows a PhoneCall with. */
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
        return [{ at: 'body', expected: 'a PhoneCall, by itself or as an entry', actual: shown(body) }];
      }
      const code = readErrorCode(body);
      const actual = code === undefined ? String(response.status) : `${response.status} ${code}`;
      return [{ at: 'status', expected: statuses.join(', '), actual }];
    },
  };
}
