import { documentedAnswers } from '../../../generated/answers.ts';
import type { operations } from '../../../generated/types.ts';

/** An operation of the contract, by its id. */
export type OperationName = keyof operations;

type BodyOf<Documented> = Documented extends { content: { 'application/json': infer Body } } ? Body : undefined;

type AnswerWith<Status, Body> = [Body] extends [undefined]
  ? { readonly ok: true; readonly status: Status; readonly response: Response }
  : [Body] extends [{ error: infer Refusal }]
    ? { readonly ok: false; readonly status: Status; readonly error: Refusal; readonly response: Response }
    : { readonly ok: true; readonly status: Status; readonly data: Body; readonly response: Response };

type AnswersByStatus<Documented> = {
  [Status in keyof Documented & number]: AnswerWith<Status, BodyOf<Documented[Status]>>;
}[keyof Documented & number];

/**
 * The documented answers to an operation, told apart by `status`, or by `ok` where the kind of success matters little.
 * A success has `data`, unless its status says that there is nothing to return; a refusal has `error`.
 */
export type AnswerTo<Operation extends OperationName> = AnswersByStatus<operations[Operation]['responses']>;

/** The answers to the transfer of one phone call. */
export type TransferAnswer = AnswerTo<'transferPhoneCall'>;

/** The answers to the reading of one phone call. */
export type PhoneCallAnswer = AnswerTo<'getPhoneCall'>;

/** The answers to the transfer of every phone call of an extension. */
export type BulkTransferAnswer = AnswerTo<'transferAllPhoneCalls'>;

/**
 * Makes the answer to an operation from what came, or tells in a sentence what is wrong with it.
 *
 * @param body - The parsed body; undefined if it is no JSON.
 */
export function answerOf<Operation extends OperationName>(
  operation: Operation,
  response: Response,
  body: unknown,
): AnswerTo<Operation> | string {
  const { ok, status } = response;
  const hasBody = (documentedAnswers[operation] as Readonly<Record<number, boolean>>)[status];
  if (hasBody === undefined) return `the contract has no answer with status ${status}`;
  const head = { ok, status, response };
  if (!hasBody) return head as AnswerTo<Operation>;
  if (!isObject(body)) return `the body of an answer with status ${status} must be a JSON object`;
  if (ok) return { ...head, data: body } as AnswerTo<Operation>;
  if (!isObject(body.error)) return `the body of an answer with status ${status} must have an object "error"`;
  return { ...head, error: body.error } as AnswerTo<Operation>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
