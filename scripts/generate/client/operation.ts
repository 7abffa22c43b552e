import type { defaults, DocumentedCodes, ErrorCode } from '#generated/client/operations.ts';
import type { operations } from '#generated/types.ts';

/** An operation of the contract, by its id. */
export type OperationName = keyof operations;

/** An operation as a client has to know it when it runs. The generator writes one for each operation of the contract. */
export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name;
  readonly method: string;
  /** The function of the generated client, which describes a request to the `client` that it is given. */
  readonly describe: (options: never) => unknown;
  readonly path?: readonly string[];
  readonly query?: readonly string[];
  readonly headers?: readonly string[];
  /** The members of the body that a caller gives. */
  readonly body?: readonly string[];
  /** The members of the body that can have one value only. */
  readonly constants?: object;
  /** Makes what serializes the query, where there is one. */
  readonly serializeQuery?: (options: never) => (query: object) => string;
  /** The documented statuses, and what the body of an answer with that status is. */
  readonly answers: Readonly<Record<string, 'nothing' | 'object' | 'array' | 'value'>>;
  /** The statuses that tell a client to renew its token. */
  readonly tokenRefusals: readonly number[];
  /** The method is safe (RFC 9110 section 9.2.1): a request changes nothing and can be sent again. */
  readonly safe: boolean;
}

type Flat<Type> = { readonly [Key in keyof Type]: Type[Key] };

/** Members that may be left out may be undefined too, under exactOptionalPropertyTypes as well. */
type Members<Group> = [NonNullable<Group>] extends [never]
  ? unknown
  : {
      [Key in keyof NonNullable<Group>]: Record<never, never> extends Pick<NonNullable<Group>, Key>
        ? NonNullable<Group>[Key] | undefined
        : NonNullable<Group>[Key];
    };

type PathMembers<Path> = Omit<Path, keyof typeof defaults> & Partial<Pick<Path, keyof Path & keyof typeof defaults>>;

type BodyMembers<RequestBody, Constant extends string> =
  NonNullable<RequestBody> extends { content: { 'application/json': infer Body } }
    ? Members<Omit<Body, Constant>>
    : unknown;

/**
 * The parameters of an operation and the members of its body, without those that can have one value only.
 * A `userId` that is left out is `@me`, where the contract has that alias.
 */
export type RequestTo<Name extends OperationName, Constant extends string = never> = Flat<
  PathMembers<operations[Name]['parameters']['path']> &
    Members<operations[Name]['parameters']['query']> &
    Members<operations[Name]['parameters']['header']> &
    BodyMembers<operations[Name]['requestBody'], Constant>
>;

/**
 * An error code where the contract documents none: any text when it runs. The type has a form that no code has, so that
 * a comparison with a misspelt code does not compile; `const text: string = code` takes it as the text that it is.
 */
export type UndocumentedCode = `undocumented code ${string}`;

interface Received<Ok, Status> {
  /** True if the request was carried out. */
  readonly ok: Ok;
  /** The documented status of the answer. */
  readonly status: Status;
  /** The response, for its headers; its body was read. */
  readonly response: Response;
}

/** A success that has a body. */
export interface Success<Status, Data> extends Received<true, Status> {
  /** The body of the answer. */
  readonly data: Data;
  /** Absent from a success. */
  readonly error?: undefined;
}

/** A success whose status says that there is nothing to return. */
export interface EmptySuccess<Status> extends Received<true, Status> {
  /** Absent, since there is nothing to return. */
  readonly data?: undefined;
  /** Absent from a success. */
  readonly error?: undefined;
}

/** A documented refusal. */
export interface Refusal<Status, Reason> extends Received<false, Status> {
  /** Absent from a refusal. */
  readonly data?: undefined;
  /**
   * The reason: a code for programs and a message for people. The type of the code has those that are documented for
   * the status; where the documentation leaves a refusal open a server may send another, so give a switch a default.
   */
  readonly error: Reason;
}

type BodyOf<Documented> = Documented extends { content: { 'application/json': infer Body } } ? Body : undefined;

type CodesOf<Name extends OperationName, Status> = `${Status & (string | number)}` extends infer Key extends
  keyof DocumentedCodes[Name]
  ? DocumentedCodes[Name][Key]
  : ErrorCode | UndocumentedCode;

type WithComparableCode<Reason, Codes> = Reason extends { code: string }
  ? Flat<Omit<Reason, 'code'> & { code: string extends Reason['code'] ? Codes : Reason['code'] }>
  : Reason;

type AnswerWith<Name extends OperationName, Status, Body> = [Body] extends [undefined]
  ? EmptySuccess<Status>
  : [Body] extends [{ error: infer Reason }]
    ? Refusal<Status, WithComparableCode<Reason, CodesOf<Name, Status>>>
    : Success<Status, Body>;

type AnswersByStatus<Name extends OperationName, Documented> = {
  [Status in keyof Documented]: AnswerWith<Name, Status extends number ? Status : number, BodyOf<Documented[Status]>>;
}[keyof Documented];

/**
 * The documented answers to an operation, told apart by `status`, or by `ok` where the kind of success matters little.
 * A success has `data`, unless its status says that there is nothing to return; a refusal has `error`.
 */
export type AnswerTo<Name extends OperationName> = {
  [Each in Name]: AnswersByStatus<Each, operations[Each]['responses']>;
}[Name];

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
  const { ok, status, type } = response;
  if (type === 'opaqueredirect' || Math.trunc(status / 100) === 3) {
    // A browser does not tell where it leads.
    return `redirects are not followed, and it leads to ${response.headers.get('location') ?? 'an unknown place'}`;
  }
  const documented = answers[status] ?? answers[`${Math.trunc(status / 100)}XX`] ?? answers.default;
  if (documented === undefined) return `the contract documents no answer with status ${status}`;
  const head = { ok, status, response };
  if (documented === 'nothing') return head as AnswerTo<Name>;
  if (documented === 'array' ? !Array.isArray(body) : documented === 'object' && !isObject(body))
    return `the body of an answer with status ${status} must be a JSON ${documented}`;
  if (ok && isObject(body) && (body.error ?? null) !== null)
    return `the body of an answer with status ${status} must have no "error"`;
  if (!ok && !(isObject(body) && isReason(body.error)))
    return `the body of an answer with status ${status} must have an object "error" with texts "code" and "message"`;
  if (ok) return { ...head, data: body } as unknown as AnswerTo<Name>;
  return { ...head, error: (body as { error: unknown }).error } as unknown as AnswerTo<Name>;
}

function isReason(error: unknown): boolean {
  return isObject(error) && typeof error.code === 'string' && typeof error.message === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
