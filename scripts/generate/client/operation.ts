import type { operations } from '#generated/types.ts';

/** An operation of the contract, by its id. */
export type OperationName = keyof operations;

/** An operation as a client has to know it when it runs. The generator writes one for each operation of the contract. */
export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name;
  /** The function of the generated client that sends a request. */
  readonly send: (options: never) => Promise<object>;
  readonly path?: readonly string[];
  readonly query?: readonly string[];
  readonly headers?: readonly string[];
  /** The members of the body that a caller gives. */
  readonly body?: readonly string[];
  /** The members of the body that can have one value only. */
  readonly constants?: object;
  /** The documented statuses, and whether an answer with that status has a body. */
  readonly answers: Readonly<Record<string, boolean>>;
  /** The statuses that tell a client to renew its token. */
  readonly tokenRefusals: readonly number[];
  /** The method is safe (RFC 9110 section 9.2.1): a request changes nothing and can be sent again. */
  readonly safe: boolean;
}

type Members<Group> = [NonNullable<Group>] extends [never] ? unknown : Readonly<NonNullable<Group>>;

type BodyMembers<RequestBody, Constant extends string> = [NonNullable<RequestBody>] extends [never]
  ? unknown
  : NonNullable<RequestBody> extends { content: { 'application/json': infer Body } }
    ? Readonly<Omit<Body, Constant>>
    : unknown;

/** The parameters of an operation and the members of its body, without those that can have one value only. */
export type RequestTo<Name extends OperationName, Constant extends string = never> = Members<
  operations[Name]['parameters']['path']
> &
  Members<operations[Name]['parameters']['query']> &
  Members<operations[Name]['parameters']['header']> &
  BodyMembers<operations[Name]['requestBody'], Constant>;

type BodyOf<Documented> = Documented extends { content: { 'application/json': infer Body } } ? Body : undefined;

type AnswerWith<Status, Body> = [Body] extends [undefined]
  ? { readonly ok: true; readonly status: Status; readonly response: Response }
  : [Body] extends [{ error: infer Refusal }]
    ? { readonly ok: false; readonly status: Status; readonly error: Refusal; readonly response: Response }
    : { readonly ok: true; readonly status: Status; readonly data: Body; readonly response: Response };

type AnswersByStatus<Documented> = {
  [Status in keyof Documented]: AnswerWith<Status extends number ? Status : number, BodyOf<Documented[Status]>>;
}[keyof Documented];

/**
 * The documented answers to an operation, told apart by `status`, or by `ok` where the kind of success matters little.
 * A success has `data`, unless its status says that there is nothing to return; a refusal has `error`.
 */
export type AnswerTo<Name extends OperationName> = AnswersByStatus<operations[Name]['responses']>;

/**
 * Makes the answer to an operation from what came, or tells in a sentence what is wrong with it.
 *
 * @param body - The parsed body, or its text if it is not JSON.
 */
export function readAnswer<Name extends OperationName>(
  { answers }: Operation<Name>,
  response: Response,
  body: unknown,
): AnswerTo<Name> | string {
  const { ok, status } = response;
  const hasBody = answers[status] ?? answers[`${Math.trunc(status / 100)}XX`] ?? answers.default;
  if (hasBody === undefined) return `the contract has no answer with status ${status}`;
  const head = { ok, status, response };
  if (!hasBody) return head as AnswerTo<Name>;
  if (!isObject(body)) return `the body of an answer with status ${status} must be a JSON object`;
  if (ok) return { ...head, data: body } as AnswerTo<Name>;
  if (!isObject(body.error)) return `the body of an answer with status ${status} must have an object "error"`;
  return { ...head, error: body.error } as AnswerTo<Name>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
