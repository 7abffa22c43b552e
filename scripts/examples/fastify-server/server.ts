import createFastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { operations, PhoneCallAction } from 'transfer-contract/types';
import { requestProblems } from 'transfer-contract/validators';

import { detailsOf, extensions, liveCalls, summaryOf, users, type LiveCall } from './switchboard.ts';

type Operation = 'transferPhoneCall' | 'getPhoneCall';
type Path = operations[Operation]['parameters']['path'];
type Responses = operations['transferPhoneCall']['responses'];
type BodyOf<Status extends keyof Responses> = Responses[Status] extends { content: { 'application/json': infer Body } }
  ? Body
  : never;
type CodeOf<Status extends keyof Responses> = BodyOf<Status> extends { error: { code: infer Code } } ? Code : never;

/** The code that refuses each part of a request, in the order in which parts are looked at. */
const codes: readonly (readonly [at: string, code: CodeOf<400>])[] = [
  ['/path/userId', 'user_invalid'],
  ['/path/extension', 'extension_invalid'],
  ['/path/phoneCallId', 'pc_phoncall_invalid'],
  ['/body', 'pc_sendcallto_invalid'],
  ['/body/sendCallTo', 'pc_sendcallto_invalid'],
  ['/body/transferFromNumber', 'pc_transfer_from_number_invalid'],
  ['/body/transferNumber', 'pc_transfer_number_invalid'],
];

/** A server of the contract. Types hold its answers to the contract, the package's validators its requests. */
export function createServer({ token }: { readonly token: string }): FastifyInstance {
  const calls = liveCalls();
  const router = { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 2000 };
  const server = createFastify({
    routerOptions: router,
    frameworkErrors: (_error, _request, reply) => refuse(reply, 400, 'user_invalid'),
  });
  // A body that is not JSON supplies none of its members. The contract decides how that is refused.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, parsed(String(body))),
  );
  server.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(reply, 401, 'access_denied');
  });
  server.setNotFoundHandler((_request, reply) => refuse(reply, 501, 'request_not_implemented'));
  server.setErrorHandler(({ statusCode = 500 }: FastifyError, _request, reply) =>
    statusCode < 500 ? refuse(reply, 400, 'pc_sendcallto_invalid') : refuse(reply, 500, 'internal_server_error'),
  );

  const url = '/uapi/phoneCalls/:userId/:extension/:phoneCallId';
  server.get<{ Params: Path }>(url, async (request, reply) => {
    const call = admit('getPhoneCall', request, reply, calls);
    if (call !== undefined) return reply.send(detailsOf(call));
  });
  server.put<{ Params: Path }>(url, async (request, reply) => {
    const call = admit('transferPhoneCall', request, reply, calls);
    if (call === undefined) return reply;
    const { sendCallTo, transferFromNumber } = request.body as PhoneCallAction;
    // The party that transfers the call leaves it; the other one stays.
    if (transferFromNumber === call.source) call.source = sendCallTo;
    else call.destination = sendCallTo;
    return reply.send(summaryOf(call) satisfies BodyOf<200>);
  });
  return server;
}

/** Finds the call that a request is about, or refuses the request. */
function admit(
  operation: Operation,
  { params, body }: FastifyRequest<{ Params: Path }>,
  reply: FastifyReply,
  calls: readonly LiveCall[],
): LiveCall | undefined {
  const wrong = new Set(requestProblems(operation, { path: params, body }).map(({ at }) => at));
  const { userId, extension, phoneCallId } = params;
  const call = calls.find(({ id }) => id === phoneCallId);
  if (!users.includes(userId)) wrong.add('/path/userId');
  if (!extensions.includes(extension)) wrong.add('/path/extension');
  if (call === undefined || !['@self', call.extension].includes(extension)) wrong.add('/path/phoneCallId');
  const refused = codes.find(([at]) => wrong.has(at));
  if (refused !== undefined) void refuse(reply, 400, refused[1]);
  else if (wrong.size > 0) void refuse(reply, 501, 'request_not_implemented');
  else return call;
}

function refuse<Status extends 400 | 401 | 500 | 501>(
  reply: FastifyReply,
  status: Status,
  code: CodeOf<Status>,
): FastifyReply {
  return reply.code(status as number).send({ error: { code, message: `The request is refused: ${code}.` } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
