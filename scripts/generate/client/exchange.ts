import { createClient } from '../../../generated/client/client/client.gen.ts';
import type { Client } from '../../../generated/client/client/types.gen.ts';
import { createConfig } from '../../../generated/client/client/utils.gen.ts';
import { tokenRefusals } from '../../../generated/answers.ts';
import { answerOf, type AnswerTo, type OperationName } from './answer.ts';
import { InvalidRequestError, NetworkError, TimedOutError, UnexpectedAnswerError } from './errors.ts';
import type { RequestOptions, TransferClientOptions } from './options.ts';
import { guardPath } from './path-guard.ts';

/** One request of an operation, with the function of the generated client that sends it. */
export interface Recipe<Operation extends OperationName> {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  send(how: {
    client: Client;
    auth: string;
    signal?: AbortSignal;
    fetch?: (request: Request) => Promise<Response>;
  }): Promise<object>;
}

/** What the generated client gives back: text where the status is a success, parsed JSON or text where it is not. */
interface Outcome {
  readonly request?: Request;
  readonly response?: Response;
  readonly data?: unknown;
  readonly error?: unknown;
}

/** Sends one request and returns its answer. */
export type Exchange = <Operation extends OperationName>(
  recipe: Recipe<Operation>,
  options: RequestOptions | undefined,
) => Promise<AnswerTo<Operation>>;

/** Makes the function that all operations send their requests with. */
export function createExchange(options: TransferClientOptions): Exchange {
  const { baseUrl, token, fetch, timeout = 10_000, validation } = options;
  // A redirection is outside the contract, and to follow one could transfer a call on another host.
  const sending = { parseAs: 'text', redirect: 'manual', fetch: fetch as typeof globalThis.fetch } as const;
  const client = createClient(createConfig({ baseUrl, ...sending }));

  return async (recipe, { signal } = {}) => {
    const { operation } = recipe;
    guardPath(recipe.path);
    const problems = validation?.requestProblems(operation, recipe) ?? [];
    if (problems.length > 0) throw new InvalidRequestError(operation, problems);

    const attempt = async (auth: string): Promise<AnswerTo<typeof operation>> => {
      signal?.throwIfAborted();
      const limit = AbortSignal.timeout(timeout);
      const either = signal ? AbortSignal.any([signal, limit]) : limit;
      // A request that has the signal itself passes it on to the one that fetch makes of it, which takes long.
      const how =
        fetch === undefined
          ? { fetch: (request: Request) => globalThis.fetch(request, { signal: either }) }
          : { signal: either };
      const { request, response, data, error } = (await recipe.send({ client, auth, ...how })) as Outcome;
      if (response === undefined || error instanceof Error) {
        signal?.throwIfAborted();
        if (limit.aborted) throw new TimedOutError(operation, timeout);
        throw request === undefined ? error : new NetworkError(operation, error);
      }
      const body = typeof data === 'string' ? parsed(data) : error;
      const answer = answerOf(operation, response, body);
      if (typeof answer === 'string') throw new UnexpectedAnswerError(operation, { response, body }, answer);
      const found = validation?.answerProblems(operation, response.status, body) ?? [];
      if (found.length > 0) throw new UnexpectedAnswerError(operation, { response, body, problems: found });
      return answer;
    };

    if (typeof token === 'string') return attempt(token);
    const first = await token();
    const answer = await attempt(first);
    if (!tokenRefusals.includes(answer.status as number)) return answer;
    const renewed = await token(first);
    return renewed === first ? answer : attempt(renewed);
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
