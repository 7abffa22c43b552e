import type { Operation } from '../contract/contract.ts';
import { formatAnswer, statusIsAmong } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { callsIn } from '../call/fixture.ts';
import { isUnsupported, wasRead } from '../call/readings.ts';
import { formatValue, type Check } from './check.ts';

/** Lists the success statuses of an operation. */
export function successStatuses(operation: Operation): string[] {
  return operation.responses.map(({ status }) => status).filter((status) => status.startsWith('2'));
}

/** Demands one of the operation's success statuses. */
export function isSuccess(requirement: string, operation: Operation): Check {
  const statuses = successStatuses(operation);
  return {
    name: `is answered with ${statuses.join(', ')}`,
    requirement,
    applies: ({ response }) => response !== undefined,
    run: ({ response }) => {
      if (response === undefined || statusIsAmong(response.status, statuses)) return [];
      const actual = formatAnswer(response.status, response.body.json?.value);
      return [{ at: 'status', expected: statuses.join(', '), actual }];
    },
  };
}

/** Demands of a valid transfer that the server does not fail. A 501 is documented: the server has no such operation. */
export function doesNotFail(operation: Operation): Check {
  const statuses = successStatuses(operation);
  return {
    name: 'does not fail',
    requirement: 'success/status',
    applies: ({ response }) => response !== undefined,
    run: ({ response }) => {
      if (response === undefined || response.status < 500 || response.status === 501) return [];
      const actual = formatAnswer(response.status, response.body.json?.value);
      return [{ at: 'status', expected: statuses.join(', '), actual }];
    },
  };
}

/** Demands the success without content, because there is nothing to return. */
export function isSuccessWithoutContent(requirement: string, operation: Operation): Check {
  const responses = operation.responses.filter(({ status, content }) => status.startsWith('2') && content.length === 0);
  return isSuccess(requirement, { ...operation, responses });
}

/** Demands that a 204 has no body (RFC 9110 section 15.3.5). */
export const hasNoContent: Check = {
  name: 'has no body with 204',
  requirement: 'success/no-content',
  applies: ({ response }) => response?.status === 204,
  run: ({ response }) => {
    const { 'content-length': length, 'transfer-encoding': coding } = response?.headers ?? {};
    if (coding !== undefined) return [{ at: 'header transfer-encoding', expected: 'nothing', actual: coding }];
    return (length ?? '0').trim() === '0' ? [] : [{ at: 'header content-length', expected: '0', actual: `${length}` }];
  },
};

/** Demands, for a requirement, of the last of several readings that it shows the call too. */
export function leadsToTheCall(requirement: string, isMeant: (exchange: Exchange) => boolean = () => true): Check {
  return {
    name: 'leads to the call',
    requirement,
    applies: (exchange) => exchange.response !== undefined && wasRead(exchange.readings?.before) && isMeant(exchange),
    run: ({ response }) => {
      const body = response?.body.json?.value;
      if (response?.status === 200 && callsIn(body ?? null).length > 0) return [];
      return [{ at: 'status', expected: '200 and the call', actual: formatAnswer(response?.status ?? 0, body) }];
    },
  };
}

/** Demands, for a requirement, of the reading of an existing call a status with which the contract shows a PhoneCall. */
export function isRead(requirement: string, operation: Operation): Check {
  const statuses = operation.responses
    .filter(({ status, content }) => status.startsWith('2') && content.length > 0)
    .map(({ status }) => status);
  return {
    name: `is answered with ${statuses.join(', ')} and a PhoneCall`,
    requirement,
    applies: (exchange) => exchange.response !== undefined && !isUnsupported(exchange),
    run: ({ response }) => {
      if (response === undefined) return [];
      const body = response.body.json?.value;
      if (statusIsAmong(response.status, statuses)) {
        if (callsIn(body ?? null).length > 0) return [];
        return [{ at: 'body', expected: 'a PhoneCall, by itself or as an entry', actual: formatValue(body) }];
      }
      return [{ at: 'status', expected: statuses.join(', '), actual: formatAnswer(response.status, body) }];
    },
  };
}
