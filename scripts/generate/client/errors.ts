import type { OperationName } from './operation.ts';

/** One thing that breaks the contract: where it is, as a JSON pointer, and what the contract says of that place. */
export interface Problem {
  /** `/body/sendCallTo` or `/path/userId` in a request, `/entry/0/id` in the body of an answer. */
  readonly at: string;
  readonly message: string;
}

/** Every error that the client makes; `name` tells the classes apart where `instanceof` cannot. */
export class TransferClientError extends Error {
  override readonly name: string = 'TransferClientError';
}

/** An option of the client cannot work. It is thrown when the client is made. */
export class InvalidOptionError extends TransferClientError {
  override readonly name = 'InvalidOptionError';
  /** The name of the option. */
  readonly option: string;

  constructor(option: string, reason: string) {
    super(`${option} ${reason}`);
    this.option = option;
  }
}

/** A token cannot travel in a header. The message does not contain the token, and nothing was sent with it. */
export class InvalidTokenError extends TransferClientError {
  override readonly name = 'InvalidTokenError';

  constructor(reason: string) {
    super(`The token must be printable ASCII without blanks, but ${reason}. Nothing was sent with it.`);
  }
}

/** The token endpoint gave no token. The message contains no secret. */
export class TokenRequestError extends TransferClientError {
  override readonly name = 'TokenRequestError';
}

/** A parameter of the path would change which call, or how many calls, the request is about. Nothing was sent. */
export class UnsafeParameterError extends TransferClientError {
  override readonly name = 'UnsafeParameterError';
  /** The name of the parameter. */
  readonly parameter: string;

  constructor(parameter: string, value: unknown) {
    const came = typeof value === 'string' ? JSON.stringify(value) : typeof value;
    super(
      `${parameter} must be one segment of a path, in plain characters without / \\ % ? # ; but is ${came}: ` +
        'the request could have meant other calls, or all of them, and was not sent.',
    );
    this.parameter = parameter;
  }
}

/** The request breaks the contract, and validation was asked for. Nothing was sent. */
export class InvalidRequestError extends TransferClientError {
  override readonly name = 'InvalidRequestError';
  /** The findings of the validation. */
  readonly problems: readonly Problem[];

  constructor(operation: OperationName, problems: readonly Problem[]) {
    super(`The request of ${operation} breaks the contract and was not sent: ${describe(problems)}`);
    this.problems = problems;
  }
}

/** No complete answer came. `cause` is what `fetch` threw. Whether the request arrived is unknown. */
export class NetworkError extends TransferClientError {
  override readonly name = 'NetworkError';

  constructor(operation: OperationName, cause: unknown) {
    super(`${operation} got no answer: ${describeCause(cause)}`, { cause });
  }
}

/** The time was up. Whether a request arrived is unknown if `awaited` is `answer`; it was not sent if that is `token`. */
export class TimedOutError extends TransferClientError {
  override readonly name = 'TimedOutError';
  /** The thing that the client waited for when the time was up. */
  readonly awaited: 'token' | 'answer';

  constructor(operation: OperationName, timeout: number, awaited: 'token' | 'answer') {
    super(`${operation} got no ${awaited === 'token' ? 'token' : 'complete answer'} within ${timeout} ms`);
    this.awaited = awaited;
  }
}

/** An answer came that is not in the contract. */
export class UnexpectedAnswerError extends TransferClientError {
  override readonly name = 'UnexpectedAnswerError';
  /** The status of the answer. */
  readonly status: number;
  /** The response, whose body was read. */
  readonly response: Response;
  /** The body: parsed if it is JSON, otherwise its text. */
  readonly body: unknown;
  /** The findings of the validation; empty if it was not asked for, or not needed. */
  readonly problems: readonly Problem[];

  constructor(
    operation: OperationName,
    answer: { readonly response: Response; readonly body: unknown; readonly problems?: readonly Problem[] },
    reason: string = describe(answer.problems ?? []),
  ) {
    super(`${operation} was answered with ${answer.response.status}, outside the contract: ${reason}`);
    this.status = answer.response.status;
    this.response = answer.response;
    this.body = answer.body;
    this.problems = answer.problems ?? [];
  }
}

function describe(problems: readonly Problem[]): string {
  return problems.map(({ at, message }) => `${at} ${message}`).join('; ');
}

/** Describes an error with its causes, since `fetch` tells only there that a host is unknown or a certificate refused. */
export function describeCause(cause: unknown): string {
  const texts: string[] = [];
  for (let error = cause, depth = 0; error !== undefined && error !== null && depth < 5; depth += 1) {
    // Errors of other realms are told by what they have, not by their class.
    const { message = String(error), code, errors, cause: deeper } = error as Record<string, unknown>;
    const text = String(message) + (typeof code === 'string' && !String(message).includes(code) ? ` (${code})` : '');
    if (text !== '' && !texts.some((earlier) => earlier.includes(text))) texts.push(text);
    error = Array.isArray(errors) ? (errors[0] as unknown) : deeper;
  }
  return texts.join(': ');
}
