import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Contract } from '../contract/contract.ts';
import { readErrorCode } from '../contract/refusal.ts';
import { listen, type Answer, type Body, type RunningServer } from './listener.ts';
import { loadPrism } from './prism.ts';
import { answerOfStatus } from './refusals.ts';
import { mockRequest } from './request.ts';
import { createResponder } from './respond.ts';
import { openSwitchboard, type LiveCall } from './switchboard.ts';

/** The options of a mock. */
export interface MockOptions {
  readonly contract: Contract;
  /** The address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on. Default: 0, any free one. */
  readonly port?: number;
  /** The only accepted tokens. Default: any, except those that the contract refuses. */
  readonly tokens?: readonly string[] | undefined;
  /** Further calls, clones of the first one of the contract's examples: their ids, or how many. */
  readonly extraCalls?: number | readonly string[];
  /** The milliseconds that a client may take to send a request. Default: 10 000. */
  readonly timeout?: number;
  /** Receives one line for each request. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A running mock. */
export interface Mock extends RunningServer {
  /** The calls that it knows: the first one of the contract's examples first, the extra ones last. */
  readonly calls: readonly LiveCall[];
}

/** The statuses of a server that fails, and of one that lacks an operation (RFC 9110 section 15.6). */
const failedStatus = 500;
const unimplementedStatus = 501;

/**
 * Starts the mock.
 *
 * @throws Error with one line if the contract lacks something that an answer needs, or with the system's code if the
 *   address cannot be listened on.
 */
export async function startMock(options: MockOptions): Promise<Mock> {
  const { contract, host = '127.0.0.1', port = 0, tokens, extraCalls = 0, timeout = 10_000, log } = options;
  const prism = await loadPrism(contract);
  const switchboard = openSwitchboard(contract, extraCalls);
  const unknown = answerOfStatus(contract, prism, unimplementedStatus);
  const failed = answerOfStatus(contract, prism, failedStatus);
  const respond = createResponder({ contract, prism, switchboard, tokens: tokens && new Set(tokens), unknown });
  const answer = async (request: IncomingMessage, body: Body): Promise<Answer> => {
    try {
      const judgement = await prism.judge(mockRequest(request, body));
      const given = judgement === undefined ? unknown : respond(judgement);
      log?.(formatLine(request, given));
      return given;
    } catch (error) {
      log?.(`${formatLine(request, failed)}: ${(error as Error).stack}`);
      return failed;
    }
  };
  const listener = await listen({ answer, unintelligible: unknown, host, port, timeout });
  return { ...listener, calls: switchboard.calls };
}

function formatLine({ method, url }: IncomingMessage, { statusCode, body }: Answer): string {
  return `${method} ${url} → ${statusCode} ${readErrorCode(body) ?? STATUS_CODES[statusCode]}`;
}
