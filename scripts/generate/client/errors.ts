import type { OperationName } from './operation.ts';

/** One thing that breaks the contract: where it is, as a JSON pointer, and what the contract says of that place. */
export interface Problem {
  /** `/body/sendCallTo` or `/path/userId` in a request, `/entry/0/id` in the body of an answer. */
  readonly at: string;
  readonly message: string;
}

/** Whatever the client throws by itself; `name` tells the classes apart where `instanceof` cannot. */
export class TransferClientError extends Error {
  override readonly name: string = 'TransferClientError';
}

/** A parameter of the path would have changed which call, or how many calls, the request is about. Nothing was sent. */
export class UnsafeParameterError extends TransferClientError {
  override readonly name = 'UnsafeParameterError';
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
  readonly problems: readonly Problem[];

  constructor(operation: OperationName, problems: readonly Problem[]) {
    super(`The request of ${operation} breaks the contract and was not sent: ${describe(problems)}`);
    this.problems = problems;
  }
}

/** No answer came. `cause` is what `fetch` says. Whether the request arrived is not known. */
export class NetworkError extends TransferClientError {
  override readonly name = 'NetworkError';

  constructor(operation: OperationName, cause: unknown) {
    super(`${operation} got no answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** No complete answer came in time. Whether the request arrived is not known. */
export class TimedOutError extends TransferClientError {
  override readonly name = 'TimedOutError';

  constructor(operation: OperationName, timeout: number) {
    super(`${operation} got no complete answer within ${timeout} ms`);
  }
}

/** An answer came that is not in the contract. */
export class UnexpectedAnswerError extends TransferClientError {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;
  readonly response: Response;
  /** What came: parsed if it is JSON, otherwise its text. */
  readonly body: unknown;
  /** What validation found; empty if it was not asked for, or not needed. */
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
