import type { Operation } from '../contract/contract.ts';
import { formatAnswer } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import type { Check } from './check.ts';

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
      if (response === undefined || statuses.includes(String(response.status))) return [];
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

/** Tells whether an exchange was answered with a success status. */
export function succeeded({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}
