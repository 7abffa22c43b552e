import type { Operation } from '../contract/contract.ts';
import { readErrorCode } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import type { Check } from './check.ts';

/** The success statuses of an operation. */
export function successStatuses(operation: Operation): string[] {
  return operation.responses.map(({ status }) => status).filter((status) => status.startsWith('2'));
}

/** The answer has one of the operation's success statuses. */
export function isSuccess(requirement: string, operation: Operation): Check {
  const statuses = successStatuses(operation);
  return {
    name: `is answered with ${statuses.join(', ')}`,
    requirement,
    applies: ({ response }) => response !== undefined,
    run: ({ response }) => {
      if (response === undefined || statuses.includes(String(response.status))) return [];
      const code = readErrorCode(response.body.json?.value);
      const actual = code === undefined ? String(response.status) : `${response.status} ${code}`;
      return [{ at: 'status', expected: statuses.join(', '), actual }];
    },
  };
}

/** There is nothing to return: the answer is the success that has no content. */
export function isSuccessWithoutContent(requirement: string, operation: Operation): Check {
  const responses = operation.responses.filter(({ status, content }) => status.startsWith('2') && content.length === 0);
  return isSuccess(requirement, { ...operation, responses });
}

/** A 204 has no body (RFC 9110 section 15.3.5). */
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

/** Whether an exchange was answered with a success status. */
export function succeeded({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}
