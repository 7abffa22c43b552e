import type { SchemaValidator } from '../contract/schemas.ts';
import type { Exchange } from '../target/exchange.ts';
import { formatValue, type Check, type Violation } from './check.ts';

/** Demands a complete HTTP message in time (RFC 9112). */
export const isCompleteMessage: Check = {
  name: 'is a complete HTTP message',
  requirement: 'http/message',
  run: ({ failure }) =>
    failure === undefined ? [] : [{ at: 'message', expected: 'a complete HTTP response', actual: failure.message }],
};

/** Demands JSON in UTF-8 of a body that is declared as JSON (RFC 8259 section 8.1). */
export const isJsonAsDeclared: Check = {
  name: 'is JSON where it is declared as JSON',
  requirement: 'http/json',
  applies: (exchange) => declaresJson(exchange) && exchange.response?.status !== 204,
  run: ({ response }) => {
    const problem = response?.body.problem;
    return problem === undefined ? [] : [{ at: 'body', expected: 'JSON in UTF-8', actual: problem }];
  },
};

function declaresJson({ response }: Exchange): boolean {
  return /^application\/(?:json|[^;]+\+json)\b/i.test(response?.headers['content-type']?.trim() ?? '');
}

/** Lists what a value breaks of a schema of the contract. */
export function schemaViolations(
  validate: SchemaValidator,
  pointer: string,
  value: Parameters<SchemaValidator>[1],
): Violation[] {
  return validate(pointer, value).map(({ at, expected, actual }) => {
    return { at: at === '' ? 'body' : at, expected, actual: formatValue(actual) };
  });
}

/** Compares a response's Content-Type with some media types, without its parameters (RFC 9110 section 8.3.1). */
export function mediaTypeViolations(exchange: Exchange, mediaTypes: readonly string[]): Violation[] {
  const actual = exchange.response?.headers['content-type'];
  const essence = actual?.split(';')[0]?.trim().toLowerCase();
  if (essence !== undefined && mediaTypes.includes(essence)) return [];
  return [{ at: 'header content-type', expected: mediaTypes.join(' or '), actual: formatValue(actual) }];
}
