import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Contract } from '../contract/contract.ts';
import { codeOf } from '../contract/refusal.ts';
import type { RunningServer } from './listener.ts';
import type { Answer } from './answer.ts';
import type { Body } from './body.ts';
import { listen } from './listener.ts';
import { prismOf, type MockRequest } from './prism.ts';
import { answerOfStatus } from './refusals.ts';
import { mockRequest } from './request.ts';
import { responder } from './respond.ts';
import { openSwitchboard, type LiveCall } from './switchboard.ts';

/** How a mock is started. */
export interface MockOptions {
  readonly contract: Contract;
  /** 127.0.0.1 if left out. */
  readonly host?: string;
  /** 0, which is any free one, if left out. */
  readonly port?: number;
  /** The only tokens that are accepted; any if left out, but those that the contract refuses. */
  readonly tokens?: readonly string[] | undefined;
  /** Further calls, clones of the first one of the contract's examples: their ids, or how many. */
  readonly extraCalls?: number | readonly string[];
  /** How many milliseconds a client may take to send a request; 10 000 if left out. */
  readonly timeout?: number;
  /** Is given one line for each request. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A mock that runs. */
export interface Mock extends RunningServer {
  /** The calls that it knows, the first one of the contract's examples first, the extra ones last. */
  readonly calls: readonly LiveCall[];
}

/** What HTTP itself says of a server that fails, and of one that lacks an operation (RFC 9110 section 15.6). */
const failedStatus = 500;
const unimplementedStatus = 501;

/**
 * Starts the mock.
 *
 * @throws Error with one line, if the contract lacks something that an answer needs; with the code of the system, if
 *   the address cannot be listened on.
 */
export async function startMock(options: MockOptions): Promise<Mock> {
  const { contract, host = '127.0.0.1', port = 0, tokens, extraCalls = 0, timeout = 10_000, log } = options;
  const prism = await prismOf(contract);
  const switchboard = openSwitchboard(contract, extraCalls);
  const unknown = answerOfStatus(contract, prism, unimplementedStatus);
  const failed = answerOfStatus(contract, prism, failedStatus);
  const means = { contract, prism, switchboard, tokens: tokens && new Set(tokens), unknown };
  const answer = answering(prism.answering(responder(means)), { unknown, failed }, log);
  const listener = await listen({ answer, unintelligible: unknown, host, port, timeout });
  return { ...listener, calls: switchboard.calls };
}

function answering(
  answer: (request: MockRequest) => Promise<Answer | undefined>,
  { unknown, failed }: { unknown: Answer; failed: Answer },
  log: ((line: string) => void) | undefined,
): (request: IncomingMessage, body: Body) => Promise<Answer> {
  return async (request, body) => {
    let given: Answer;
    try {
      given = (await answer(mockRequest(request, body))) ?? unknown;
      log?.(logLine(request, given));
    } catch (error) {
      given = failed;
      log?.(`${logLine(request, given)}: ${(error as Error).stack}`);
    }
    return given;
  };
}

function logLine({ method, url }: IncomingMessage, { statusCode, body }: Answer): string {
  return `${method} ${url} → ${statusCode} ${codeOf(body) ?? STATUS_CODES[statusCode]}`;
}
