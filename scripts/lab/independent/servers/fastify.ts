/** Serves the transfer of one telephone call with Fastify, from the contract (spec/openapi.yaml). */
import { readFile } from 'node:fs/promises';
import fastify from 'fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import glue from 'fastify-openapi-glue';
import { parse } from 'yaml';
import { answerUnreadable, codeOfUndecodable, codes } from '../shared.ts';
import type { Options, Running, Transfer } from '../shared.ts';

/** Makes an error with the status and code that the error handler sends. */
const failure = (statusCode: number, code: string, message: string) =>
  Object.assign(new Error(message), { statusCode, code, documented: true });

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options): Promise<Running> {
  const call = { id: 'b817d2618fe6f1804333', userId: '12', extension: '0003*210', ended: false };
  let parties = options.calledByOther ? ['0003*024', '0003*210'] : ['0003*210', '0003*024'];

  const app = fastify({
    ajv: { customOptions: { strict: false, coerceTypes: options.coerced ? 'array' : false, removeAdditional: false } },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16384 },
    http: { maxHeaderSize: options.headerLimit ?? 16384, requireHostHeader: false },
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    frameworkErrors: (error, request, reply) => {
      const code = codeOfUndecodable(request.raw.url ?? '') ?? codes.userId;
      reply.code(error.statusCode ?? 400).send({ error: { code, message: error.message } });
    },
    clientErrorHandler: answerUnreadable,
  });

  // The serializer of the contract would drop members that the contract does not name.
  const send = (reply: FastifyReply, status: number, body: object) =>
    reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);

  /** Refuses parts of the path that are well formed and name nothing. */
  const look = (request: FastifyRequest) => {
    const known: Record<string, (value: string) => boolean> = {
      userId: (value) => value === call.userId || value.startsWith('@'),
      extension: (value) => value === call.extension || value === '@self',
      phoneCallId: (value) => value === call.id && !call.ended,
    };
    for (const [name, value] of Object.entries(request.params as Record<string, string>))
      if (!known[name](value)) throw failure(400, codes[name], `${name} does not exist.`);
  };

  const link = { self: `/uapi/phoneCalls/${call.userId}/${call.extension}/${call.id}` };
  const summary = () => ({ id: call.id, extension: call.extension, link });
  const details = () => {
    const [source, destination] = parties;
    const view = { id: '01', extension: call.extension, status: '5', source: [source], destination: [destination] };
    const owner = { ownerId: '3', ownerName: 'Default Organization' };
    const dates = { answered: '2012-06-27T16:08:55+03:00', published: '2012-06-27T16:08:50+03:00' };
    return { ...summary(), ...owner, ...dates, phoneCallView: [{ ...view, callerId: `John Doe <${destination}>` }] };
  };

  /** Replaces the party that leaves by the number that the call is sent to. */
  const replace = ([source, destination]: string[], { sendCallTo, transferFromNumber, transferNumber }: Transfer) => {
    const both = [source, destination];
    const stays =
      both.find((party) => party === transferNumber && party !== transferFromNumber) ??
      (both.includes(transferFromNumber) ? both.find((party) => party !== transferFromNumber) : undefined) ??
      (destination === call.extension ? destination : source);
    return stays === source ? [source, sendCallTo] : [sendCallTo, destination];
  };

  const transfer = async (request: FastifyRequest, reply: FastifyReply) => {
    look(request);
    const asked = request.body as Transfer;
    // A request without a body passes the validator of a contract that lists media types.
    if (!asked?.sendCallTo) throw failure(400, codes.sendCallTo, 'The request has no body.');
    parties = replace(parties, asked);
    call.ended = options.callEnds ?? false;
    return send(reply, 200, summary());
  };

  /** Implements the operations of the contract by their operationId. */
  const operations = {
    transferPhoneCall: transfer,
    transferAllPhoneCalls: transfer,
    async getPhoneCall(request: FastifyRequest, reply: FastifyReply) {
      look(request);
      return send(reply, 200, options.entry ? { entry: [details()] } : details());
    },
  };
  const security = {
    async bearer(request: FastifyRequest) {
      if (/^bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1] !== options.token)
        throw new Error('The request carries no valid token.');
    },
  };

  app.addHook('onRequest', async (request) => {
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
    app.setErrorHandler((error: FastifyError & { documented?: boolean }, _request, reply) => {
      const action = error.validation?.some(({ instancePath: at, params }) =>
        `${at}${params.missingProperty}`.includes('action'),
      );
      const status = action ? 501 : error.name === 'Security Error' ? 401 : (error.statusCode ?? 500);
      const byStatus: Record<number, string> = { 401: 'access_denied', 501: 'request_not_implemented' };
      const code = error.documented
        ? error.code
        : (byStatus[status] ?? (status < 500 ? codeOf(error) : 'internal_server_error'));
      if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
      return send(reply, status, { error: { code, message: error.message } });
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
