import { findResponse, type Contract, type Operation } from '../contract/contract.ts';
import { isObject, valueAt } from '../contract/json.ts';
import {
  documentedCodes,
  formatAnswer,
  formatRefusal,
  readErrorCode,
  statusIsAmong,
  type Refusal,
} from '../contract/refusal.ts';
import type { SchemaValidator } from '../contract/schemas.ts';
import type { Exchange, SentRequest } from '../target/exchange.ts';
import { mediaTypeViolations, schemaViolations } from './answer.ts';
import { formatValue, type Check } from './check.ts';

/**
 * Demands one of several refusals: its status and, if it is documented, its code.
 *
 * @param others - Refusals for other reasons that the request has too, without which the check is known by its name.
 */
export function isRefusedWith(
  requirement: string,
  refusals: readonly Refusal[],
  others: readonly Refusal[] = [],
): Check {
  const allowed = [...refusals, ...others];
  return {
    name: `is refused with ${refusals.map(formatRefusal).join(', or ')}`,
    requirement,
    applies: ({ response }) => response !== undefined,
    run: ({ request, response }) => {
      const status = response?.status ?? 0;
      const body = response?.body.json?.value;
      const code = readErrorCode(body);
      const sameStatus = [...allowed, ...refusalsOfMessages(request)].filter(({ statuses }) =>
        statusIsAmong(status, statuses),
      );
      if (sameStatus.length === 0) {
        return [
          { at: 'status', expected: allowed.map(formatRefusal).join(', or '), actual: formatAnswer(status, body) },
        ];
      }
      if (sameStatus.some((refusal) => refusal.code === undefined || refusal.code === code)) return [];
      const expected = [...new Set(sameStatus.map((refusal) => `"${refusal.code}"`))].join(' or ');
      const actual = isObject(body) ? formatValue(valueAt(body, '/error/code')) : 'nothing';
      return [{ at: '/error/code', expected, actual }];
    },
  };
}

/** The sizes above which a server may refuse a part of a request, in characters, each far above those of the control. */
const guaranteed = { path: 200, header: 4096, body: 4096 };

/**
 * Lists the refusals of a request as a message, whatever it asks for. No size is promised (RFC 9110 sections 15.5.14 and
 * 15.5.15, RFC 6585 section 5), and what stands before a server may refuse control characters in a path.
 */
function refusalsOfMessages({ path, headers, body = '' }: SentRequest): Refusal[] {
  const statuses = [
    ...(path.length > guaranteed.path ? ['414'] : []),
    ...(Object.values(headers).some((value) => value.length > guaranteed.header) ? ['431'] : []),
    ...(body.length > guaranteed.body ? ['413'] : []),
    ...(/%(?:[01][0-9a-f]|7f)/i.test(path) ? ['4XX'] : []),
  ];
  return statuses.length === 0 ? [] : [{ statuses, code: undefined }];
}

/** Demands an error response in every 4xx and 5xx. */
export function hasErrorBody(contract: Contract, validate: SchemaValidator): Check {
  const schema = '/components/schemas/ErrorResponse';
  if (valueAt(contract.document, schema) === undefined) throw new Error(`The contract has no ${schema}.`);
  return {
    name: 'carries an error response',
    requirement: 'errors/body',
    applies: (exchange) => isError(exchange) && !isRefusedAsMessage(exchange),
    run: ({ response }) => {
      const json = response?.body.json;
      if (json === undefined) {
        const expected = 'an error response: {"error": {"code": …, "message": …}}';
        return [{ at: 'body', expected, actual: response?.body.problem ?? 'nothing' }];
      }
      return schemaViolations(validate, schema, json.value);
    },
  };
}

/** Demands that every error response with a body is declared as JSON. */
export function hasErrorMediaType(operation: Operation): Check {
  const mediaTypes = [...new Set(operation.responses.filter(isErrorResponse).flatMap(namesOfContent))];
  return {
    name: `is declared as ${mediaTypes.join(' or ')}`,
    requirement: 'errors/media-type',
    applies: (exchange) =>
      isError(exchange) && !isRefusedAsMessage(exchange) && (exchange.response?.body.length ?? 0) > 0,
    run: (exchange) => mediaTypeViolations(exchange, mediaTypes),
  };
}

/**
 * Demands the documented code of each status that has exactly one.
 *
 * @param open - Statuses with which the refusal of this case may carry any code.
 */
export function hasCodeOfStatus(contract: Contract, operation: Operation, open: readonly string[]): Check {
  const codes = new Map<string | undefined, string | undefined>(
    operation.responses.flatMap(({ status }) => {
      const documented = documentedCodes(contract, operation, status);
      return documented?.length === 1 && !open.includes(status) ? [[status, documented[0]]] : [];
    }),
  );
  const codeOf = (response: Exchange['response']) => codes.get(findResponse(operation, response?.status ?? 0)?.status);
  return {
    name: 'carries the code that is documented for its status',
    requirement: 'errors/codes-by-status',
    applies: ({ response }) => codeOf(response) !== undefined && response?.body.json !== undefined,
    run: ({ response }) => {
      const expected = codeOf(response);
      const body = response?.body.json?.value;
      if (readErrorCode(body) === expected) return [];
      const actual = isObject(body) ? formatValue(valueAt(body, '/error/code')) : formatValue(body);
      return [{ at: '/error/code', expected: `"${expected}"`, actual }];
    },
  };
}

/** Demands a challenge of every 401: a scheme, perhaps with parameters (RFC 9110 section 11.6.1). */
export const hasChallenge: Check = {
  name: 'names in WWW-Authenticate how to be authorized',
  requirement: 'authorization/challenge',
  applies: ({ response }) => response?.status === 401,
  run: ({ response }) => {
    const actual = response?.headers['www-authenticate'];
    if (/^[!#$%&'*+.^_`|~\w-]+(?:[ ,]|$)/.test(actual?.trim() ?? '')) return [];
    return [{ at: 'header www-authenticate', expected: 'a challenge such as Bearer', actual: formatValue(actual) }];
  },
};

function isError({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 400;
}

/**
 * Tells whether a server refused a request-target that HTTP does not allow, before there was a request: RFC 9112 section
 * 2.2 has it answer 400 and close the connection.
 */
function isRefusedAsMessage({ request, response }: Exchange): boolean {
  const isHttp = !/%(?![0-9a-f]{2})/i.test(request.path);
  return !isHttp && response?.status === 400 && /\bclose\b/i.test(response.headers.connection ?? '');
}

function isErrorResponse({ status }: { status: string }): boolean {
  return /^[45]/.test(status);
}

function namesOfContent({ content }: Operation['responses'][number]): string[] {
  return content.map(({ name }) => name);
}
