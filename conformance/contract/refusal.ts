import type { Contract, ErrorBinding, Operation } from './contract.ts';
import { isObject, valueAt, type JsonValue } from './json.ts';

/** The answer that the contract demands for a request that breaks one part of it. */
export interface Refusal {
  /** The statuses that a server may choose from; `4XX` stands for its class. */
  readonly statuses: readonly string[];
  /** The code of the error response, or undefined if the documentation leaves it open. */
  readonly code: string | undefined;
}

/**
 * Finds the refusal that the contract binds to a part of a request, if any.
 *
 * @throws Error if no example of the operation shows the part's code.
 */
export function findRefusal(operation: Operation, binding: ErrorBinding): Refusal | undefined {
  if (binding.refusedWith !== undefined) return { statuses: binding.refusedWith, code: undefined };
  if (binding.errorCode === undefined) return undefined;
  return { statuses: [findStatus(operation, binding.errorCode)], code: binding.errorCode };
}

/**
 * Finds the status of an error code: that of the response whose examples show the code.
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

/** Reads the code of an error response; undefined if it has none. */
export function readErrorCode(body: JsonValue | undefined): string | undefined {
  const code = isObject(body) ? valueAt(body, '/error/code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Lists the codes that the contract's schema names for a status; undefined if it names none. Where a refusal is left
 * open, the schema allows any other code too.
 */
export function documentedCodes(contract: Contract, operation: Operation, status: string): string[] | undefined {
  const schema = operation.responses.find((response) => response.status === status)?.content[0]?.schemaPointer;
  const code = schema && valueAt(contract.document, `${schema}/properties/error/properties/code`);
  if (!isObject(code)) return undefined;
  const alternatives = Array.isArray(code.anyOf) ? code.anyOf.filter(isObject) : [];
  const named = [code, ...alternatives].flatMap(({ const: only, enum: several }) => only ?? several ?? []);
  return named.length > 0 ? named.map(String) : undefined;
}

/** Tells whether a status is one of a list, in which `4XX` stands for its whole class. */
export function statusIsAmong(status: number, statuses: readonly string[]): boolean {
  return statuses.some((entry) =>
    /^\dXX$/.test(entry) ? Math.floor(status / 100) === Number(entry[0]) : status === Number(entry),
  );
}

/** Formats a refusal: `400 user_invalid`, or `400 or 404` if its code is open. */
export function formatRefusal({ statuses, code }: Refusal): string {
  return code === undefined ? statuses.join(' or ') : `${statuses.join(' or ')} ${code}`;
}

/** Formats the status and, if there is one, the error code of an answer: `400 user_invalid`. */
export function formatAnswer(status: number, body: JsonValue | undefined): string {
  return formatRefusal({ statuses: [String(status)], code: readErrorCode(body) });
}
