/** Serves the transfer of one telephone call with Fastify, from the contract (spec/openapi.yaml). */
import { readFile } from 'node:fs/promises';
import fastify from 'fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import glue from 'fastify-openapi-glue';
import { parse } from 'yaml';
import type { Answer, CommonOptions, Context, PathName, Running, Transfer, Variants } from '../hooks.ts';
import { answerUnreadable, codeOfUndecodable, codes, partsOf } from '../listen.ts';
import { sentences } from '../sentences.ts';

export type Options = CommonOptions & {
  callEnds?: boolean;
  entry?: boolean;
  success?: 200 | 202;
  urlLimit?: number;
  headerLimit?: number;
  bareSummary?: boolean;
  realm?: string;
  noCollection?: boolean;
  transferNumberRequired?: boolean;
  closing?: boolean;
  calledByOther?: boolean;
  /** Leaves the coercion of Fastify's validator switched on, which is a mistake. */
  coerced?: boolean;
};

/** Makes an error with the status and code that the error handler sends. */
const failure = (statusCode: number, code: string, message: string) =>
  Object.assign(new Error(message), { statusCode, code, documented: true });

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options = {}): Promise<Running> {
  const hooks = options.hooks?.() ?? {};
  const token = options.token ?? 'token';
  const call = {
    id: 'b817d2618fe6f1804333',
    userId: '12',
    extension: '0003*210',
    ended: false,
    source: '',
    destination: '',
  };
  const put = ([source, destination]: string[]) => void Object.assign(call, { source, destination });
  put(options.calledByOther ? ['0003*024', '0003*210'] : ['0003*210', '0003*024']);

  const app = fastify({
    ajv: { customOptions: { strict: false, coerceTypes: options.coerced ? 'array' : false, removeAdditional: false } },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16384 },
    http: { maxHeaderSize: options.headerLimit ?? 16384, requireHostHeader: false },
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    frameworkErrors: (error, request, reply) => {
      const body = {
        error: { code: codeOfUndecodable(request.raw.url ?? '') ?? codes.userId, message: error.message },
      };
      reply.code(error.statusCode ?? 400).send(body);
    },
    clientErrorHandler: answerUnreadable,
  });

  const contexts = new WeakMap<FastifyRequest, Context>();
  const contextOf = (request: FastifyRequest): Context => {
    const head = { method: request.method, url: request.url, headers: request.headers };
    const path = { userId: '', extension: '', phoneCallId: '' };
    const parties = () => [call.source, call.destination];
    const context = contexts.get(request) ?? { head, kind: 'other', path, body: request.body, parties, put };
    contexts.set(request, context);
    return context;
  };

  const send = (request: FastifyRequest, reply: FastifyReply, answer: Answer) => {
    const { status, body, headers } = hooks.answer?.(answer, contextOf(request)) ?? answer;
    if (options.closing) reply.header('Connection', 'close');
    // The serializer of the contract would drop members that the contract does not name.
    reply
      .code(status)
      .headers(headers)
      .serializer((value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)));
    if (typeof body === 'object' && !reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8');
    return reply.send(body);
  };

  /** Refuses parts of the path that are well formed and name nothing. */
  const look = (request: FastifyRequest, kind: Context['kind']) => {
    const context = contextOf(request);
    context.kind = kind;
    context.body = request.body;
    const known: Record<PathName, (value: string) => boolean> = {
      userId: (value) => value === call.userId || value.startsWith('@'),
      extension: (value) => value === call.extension || value === '@self',
      phoneCallId: (value) => value === call.id && !call.ended,
    };
    const raw = partsOf(request.url);
    Object.entries(request.params as Record<PathName, string>).forEach(([key, given], index) => {
      const name = key as PathName;
      context.path[name] = hooks.segment?.(given, name, raw[index]) ?? given;
      if (!(hooks.known?.(context.path[name], name, context) ?? known[name](context.path[name])))
        throw failure(400, codes[name], `${name} does not exist.`);
    });
    return context;
  };

  const link = { self: `/uapi/phoneCalls/${call.userId}/${call.extension}/${call.id}` };
  const summary = () => (options.bareSummary ? { id: call.id } : { id: call.id, extension: call.extension, link });
  const details = () => {
    const sides = { source: [call.source], destination: [call.destination] };
    const view = { id: '01', extension: call.extension, status: '5', ...sides };
    if (options.bareSummary) return { id: call.id, phoneCallView: [view] };
    const owner = { ownerId: '3', ownerName: 'Default Organization' };
    const dates = { answered: '2012-06-27T16:08:55+03:00', published: '2012-06-27T16:08:50+03:00' };
    return {
      ...summary(),
      ...owner,
      ...dates,
      phoneCallView: [{ ...view, callerId: `John Doe <${call.destination}>` }],
    };
  };

  /** Replaces the party that leaves by the number that the call is sent to. */
  const replace = (parties: string[], { sendCallTo, transferFromNumber, transferNumber }: Transfer) => {
    const [source, destination] = parties;
    const stays =
      parties.find((party) => party === transferNumber && party !== transferFromNumber) ??
      (parties.includes(transferFromNumber) ? parties.find((party) => party !== transferFromNumber) : undefined) ??
      (destination === call.extension ? destination : source);
    return stays === source ? [source, sendCallTo] : [sendCallTo, destination];
  };

  const transfer = async (request: FastifyRequest, reply: FastifyReply) => {
    const context = look(request, 'transfer');
    const asked = request.body as Transfer;
    // A request without a body passes the validator of a contract that lists media types.
    if (!asked?.sendCallTo) throw failure(400, codes.sendCallTo, 'The request has no body.');
    if (options.transferNumberRequired && asked.transferNumber === undefined)
      throw failure(400, codes.transferNumber, 'transferNumber is missing.');
    const before = [call.source, call.destination];
    await hooks.between?.();
    put(hooks.moves?.(before, asked, context) ?? replace(before, asked));
    hooks.moved?.(before, context);
    call.ended = options.callEnds ?? false;
    return send(request, reply, { status: options.success ?? 200, body: summary(), headers: {} });
  };

  /** Implements the operations of the contract by their operationId. */
  const operations = {
    transferPhoneCall: transfer,
    async transferAllPhoneCalls(request: FastifyRequest, reply: FastifyReply) {
      if (options.noCollection) throw failure(501, 'request_not_implemented', 'Name the phone call to transfer.');
      return transfer(request, reply);
    },
    async getPhoneCall(request: FastifyRequest, reply: FastifyReply) {
      look(request, 'read');
      const body = options.entry ? { entry: [details()] } : details();
      return send(request, reply, { status: 200, body, headers: {} });
    },
  };
  const security = {
    async bearer(request: FastifyRequest) {
      const header = request.headers.authorization;
      const right = /^bearer +(.*)$/i.exec(header ?? '')?.[1] === token;
      if (!(hooks.authorized?.(header, token, contextOf(request).head) ?? right))
        throw new Error('The request carries no valid token.');
    },
  };

  app.addHook('onRequest', async (request, reply) => {
    const answer = hooks.before?.({ method: request.method, url: request.url, headers: request.headers });
    if (answer) return send(request, reply, answer);
    if (!request.headers.host && request.raw.httpVersion === '1.1')
      throw failure(400, 'request_unreadable', 'The request names no Host.');
    if (options.urlLimit && request.url.length > options.urlLimit)
      throw failure(414, 'uri_too_long', 'The address is too long.');
  });

  /** Finds the code of the member or parameter that breaks the contract. */
  const codeOf = (error: FastifyError) => {
    const broken = error.validation?.[0];
    return codes[broken?.instancePath.slice(1) || String(broken?.params.missingProperty)] ?? codes.sendCallTo;
  };
  if (!options.plainErrors)
    app.setErrorHandler((error: FastifyError & { documented?: boolean }, request, reply) => {
      const action = error.validation?.some(({ instancePath: at, params }) =>
        `${at}${params.missingProperty}`.includes('action'),
      );
      const status = action ? 501 : error.name === 'Security Error' ? 401 : (error.statusCode ?? 500);
      const byStatus: Record<number, string> = { 401: 'access_denied', 501: 'request_not_implemented' };
      const code = error.documented
        ? error.code
        : (byStatus[status] ?? (status < 500 ? codeOf(error) : 'internal_server_error'));
      const challenge = options.realm ? `Bearer realm="${options.realm}"` : 'Bearer';
      const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': challenge } : {};
      return send(request, reply, { status, body: { error: { code, message: error.message } }, headers });
    });
  app.setNotFoundHandler((request) => {
    const here = request.url.startsWith('/uapi/phoneCalls/');
    throw failure(here ? 501 : 404, 'request_not_implemented', 'There is no such operation.');
  });

  app.removeContentTypeParser('text/plain');
  const contract = parse(await readFile(new URL('../../../../spec/openapi.yaml', import.meta.url), 'utf8'));
  await app.register(glue, { specification: contract, serviceHandlers: operations, securityHandlers: security });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
}

export const variants: Variants<Options> = {
  'call-ends': { options: { callEnds: true }, why: sentences.callInvalid, ends: 'incomplete' },
  entry: { options: { entry: true }, why: sentences.entry },
  accepted: { options: { success: 202 }, why: sentences.accepted },
  'url-limit': { options: { urlLimit: 1024 }, why: sentences.rfcUriTooLong },
  'header-limit': { options: { headerLimit: 8192 }, why: sentences.rfcFieldsTooLarge },
  'bare-summary': { options: { bareSummary: true }, why: sentences.onlyId },
  realm: { options: { realm: 'UnifiedAPI' }, why: sentences.rfcChallenge },
  'no-collection': { options: { noCollection: true }, why: sentences.notImplemented },
  'transfer-number-required': { options: { transferNumberRequired: true }, why: sentences.transferNumberMissing },
  closing: { options: { closing: true }, why: sentences.rfcClose },
  'called-by-other': { options: { calledByOther: true }, why: sentences.parties },
};
