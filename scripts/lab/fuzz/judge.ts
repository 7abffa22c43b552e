import type { Contract, ContractResponse, Operation } from '../../../conformance/contract/contract.ts';
import type { JsonValue } from '../../../conformance/contract/json.ts';
import { schemaValidator, type SchemaValidator } from '../../../conformance/contract/schemas.ts';
import { readAnswers, type RawAnswer } from './answers.ts';
import { escaped, type Connection, type Expectation } from './connection.ts';
import type { Outcome } from './converse.ts';
import { patience } from './mock-under-test.ts';

/** Tells what is wrong with what came of a connection, or undefined. */
export type Judge = (connection: Connection, outcome: Outcome) => string | undefined;

/** What HTTP says of a server that fails, and of one that has no such operation (RFC 9110 section 15.6). */
const failed = 500;
const unimplemented = 501;

/** Judges by a contract: every answer is one that it has, and a well-formed request gets one of its own operation. */
export function judgeBy(contract: Contract): Judge {
  const validate = schemaValidator(contract);
  return (connection, outcome) => {
    if (outcome.isHanging) return 'neither answered nor ended within the limit';
    if (outcome.error === 'ECONNREFUSED') return 'not accepted';
    if (connection.ending === 'leaves') return undefined;
    const sent = Buffer.concat(connection.pieces).toString('latin1');
    const { answers, rest } = readAnswers(outcome.received, sent.includes('HEAD'));
    if (rest.length > 0) return `answered with what is no complete answer: ${escaped(rest.subarray(0, 200))}`;
    // A client that was too slow may have been cut off.
    const expected = outcome.sending < patience / 2 ? connection.expected : undefined;
    for (const [index, answer] of answers.entries()) {
      const problem =
        breachOf(validate, contract.operations, answer) ??
        (expected && surprise(expected[index], answer, sent)) ??
        (answer.status === failed && !/code\s*=|example\s*=/i.test(sent) ? 'failed with 500' : undefined);
      if (problem !== undefined) return `answer ${index + 1} of ${answers.length}: ${problem}`;
    }
    // A reset takes the last answer with it, unread.
    const isLost = connection.goesOn && outcome.error !== undefined && answers.length + 1 === expected?.length;
    const isComplete =
      expected === undefined || connection.ending !== 'waits' || answers.length === expected.length || isLost;
    const end = outcome.error === undefined ? '' : `, then ${outcome.error}`;
    return isComplete ? undefined : `${answers.length} answers to ${expected.length} requests${end}`;
  };
}

/** What an answer breaks of the contract: it must be one of an operation's documented responses. */
function breachOf(validate: SchemaValidator, operations: readonly Operation[], answer: RawAnswer): string | undefined {
  const documented = operations
    .flatMap(({ responses }) => responses)
    .filter(({ status }) => status === String(answer.status));
  const breaches = documented.map((response) => breachOfResponse(validate, response, answer));
  if (documented.length === 0) return `the status ${answer.status}, which the contract does not have`;
  return breaches.includes(undefined) ? undefined : breaches[0];
}

function breachOfResponse(
  validate: SchemaValidator,
  { content: [mediaType] }: ContractResponse,
  { headers, content, status }: RawAnswer,
): string | undefined {
  if (mediaType === undefined) return content.length === 0 ? undefined : `a body with ${status}`;
  if (headers.get('content-type') !== mediaType.name) return `the media type ${headers.get('content-type')}`;
  // What answers HEAD has no content.
  if (content.length === 0) return undefined;
  try {
    const [violation] = validate(mediaType.schemaPointer, JSON.parse(content.toString()) as JsonValue);
    return violation && `${status} with ${violation.at}: expected ${violation.expected}`;
  } catch {
    return `${status} with what is no JSON`;
  }
}

/** What is wrong with the answer to a well-formed request, beyond what is wrong with any answer. */
function surprise(expected: Expectation | undefined, { status, content }: RawAnswer, sent: string): string | undefined {
  if (expected === undefined) return 'an answer that nothing asked for';
  const { operation, succeeds } = expected;
  if (content.length === 0 && status !== 204 && !sent.includes('HEAD ')) return `${status} without a body`;
  if (operation === undefined)
    return status === unimplemented ? undefined : `${status} for no operation of the contract`;
  if (succeeds && status >= 300) return `${status} to a request with nothing wrong`;
  // Another action than Transfer is none either.
  if (status === unimplemented && operation.body === undefined && !/^Prefer: /m.test(sent))
    return `501 to a request of ${operation.id}`;
  const isDocumented = operation.responses.some((response) => response.status === String(status));
  return isDocumented ? undefined : `${status}, which ${operation.id} does not have`;
}
