import type { Contract, ErrorBinding, Operation } from './contract.ts';
import { isObject, valueAt, type JsonValue } from './json.ts';

/** How a request that breaks one part of the contract is answered. */
export interface Refusal {
  /** The statuses that a server may choose from, `4XX` for any of its class. */
  readonly statuses: readonly string[];
  /** The code that the error response carries, or undefined where the documentation leaves it open. */
  readonly code: string | undefined;
}

/**
 * The refusal that the contract binds to a part of a request.
 *
 * @throws Error if the part names a code that none of the operation's examples shows.
 */
export function findRefusal(operation: Operation, binding: ErrorBinding): Refusal | undefined {
  if (binding.refusedWith !== undefined) return { statuses: binding.refusedWith, code: undefined };
  if (binding.errorCode === undefined) return undefined;
  return { statuses: [findStatus(operation, binding.errorCode)], code: binding.errorCode };
}

/**
 * The status that goes with an error code: that of the response whose examples show the code.
 *
 * @throws Error if no response of the operation shows it.
 */
export function findStatus(operation: Operation, code: string): string {
  const response = operation.responses.find(({ content }) =>
    content.some(({ examples }) => [...examples.values()].some((example) => readErrorCode(example) === code)),
  );
  if (response === undefined) {
    throw new Error(`The contract names the error code ${code}, but no example of ${operation.id} shows it: add one.`);
  }
  return response.status;
}

/** The code that an error response carries, or undefined where it carries none. */
export function readErrorCode(body: JsonValue | undefined): string | undefined {
  const code = isObject(body) ? valueAt(body, '/error/code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The codes that the contract's schema allows with a status, or undefined where it leaves them open. */
export function documentedCodes(contract: Contract, operation: Operation, status: string): string[] | undefined {
  const schema = operation.responses.find((response) => response.status === status)?.content[0]?.schemaPointer;
  const code = schema && valueAt(contract.document, `${schema}/properties/error/properties/code`);
  if (!isObject(code)) return undefined;
  if (typeof code.const === 'string') return [code.const];
  return Array.isArray(code.enum) ? code.enum.map(String) : undefined;
}

/** Tells whether a status is one of a list, in which `4XX` stands for its whole class. */
export function statusIsAmong(status: number, statuses: readonly string[]): boolean {
  return statuses.some((entry) =>
    /^\dXX$/.test(entry) ? Math.floor(status / 100) === Number(entry[0]) : status === Number(entry),
  );
}
