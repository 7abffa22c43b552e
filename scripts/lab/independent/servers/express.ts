/** Serves the transfer of one telephone call with Express 5. */
import { createServer } from 'node:http';
import express from 'express';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { codeOfUndecodable, codes, listen, numberNames } from '../shared.ts';
import type { Options, Running, Transfer } from '../shared.ts';

/** Is thrown for a request that is refused. */
class Refused extends Error {
  status: number;
  code: string;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const extensions = ['0003*210', '0003*024', '0003*100', '0003*101'];

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options): Promise<Running> {
  const call = { id: 'b817d2618fe6f1804333', owner: '12', extension: '0003*210', parties: ['0003*210', '0003*024'] };
  let shown = { parties: call.parties, since: 0, before: call.parties };
  const partiesToShow = () => (Date.now() - shown.since < (options.readsLate ?? 0) ? shown.before : shown.parties);

  const authorize: RequestHandler = (request, _response, next) => {
    const isRight = request.get('authorization')?.match(/^bearer +(\S+)$/i)?.[1] === options.token;
    next(isRight ? undefined : new Refused('access_denied', 'The request carries no valid token.', 401));
  };

  /** Refuses a path that does not name the call. */
  const find = ({ params: { userId, extension, phoneCallId } }: Request) => {
    if (!['12', '@me', '@viewer', '@owner'].includes(String(userId)))
      throw new Refused('user_invalid', 'userId names no User.');
    if (![call.extension, '@self'].includes(String(extension)))
      throw new Refused('extension_invalid', 'extension names no extension of the User.');
    if (phoneCallId !== undefined && phoneCallId !== call.id)
      throw new Refused('pc_phoncall_invalid', 'phoneCallId names no existing phone call.');
  };

  /** Checks the members of the body, or refuses it. */
  const check = (request: Request): Transfer => {
    if (request.body === undefined && request.headers['content-type'] && !request.is('application/json'))
      throw new Refused('media_type_unsupported', 'The body must be application/json.', 415);
    const body = (request.body ?? {}) as Record<string, unknown>;
    if (body.action !== 'Transfer')
      throw body.action === undefined && body.sendCallTo === undefined
        ? new Refused('pc_sendcallto_invalid', 'sendCallTo is missing.')
        : new Refused('request_not_implemented', 'Only the action Transfer is implemented.', 501);
    const pattern = options.plusRefused ? /^[0-9*]+$/ : /^(?:\+?[0-9]+|[0-9*]+)$/;
    for (const name of numberNames) {
      const value = body[name];
      if (name === 'transferNumber' && !Object.hasOwn(body, name)) continue;
      if (typeof value !== 'string' || !pattern.test(value))
        throw new Refused(codes[name], `${name} is missing or is no phone number.`);
      if (options.partiesChecked && name !== 'sendCallTo' && !call.parties.includes(value))
        throw new Refused(codes[name], `${name} is no party of the phone call.`);
    }
    const transfer = body as Transfer;
    const { sendCallTo, transferFromNumber } = transfer;
    if (options.partiesChecked && transfer.transferNumber === transferFromNumber)
      throw new Refused(codes.transferNumber, 'A party cannot transfer itself.');
    if (options.noNumberTwice && call.parties.includes(sendCallTo))
      throw new Refused(codes.sendCallTo, 'sendCallTo is on the phone call already.');
    if (options.unknownExtensionsRefused && sendCallTo.includes('*') && !extensions.includes(sendCallTo))
      throw new Refused(codes.sendCallTo, 'sendCallTo is no existing extension.');
    return transfer;
  };

  /** Tells which parties are on the call once one has left. */
  const partiesAfter = (parties: string[], { sendCallTo, transferFromNumber, transferNumber }: Transfer) => {
    let leaves = parties.indexOf(transferFromNumber);
    if (leaves < 0 && transferNumber !== undefined && parties.includes(transferNumber))
      leaves = 1 - parties.indexOf(transferNumber);
    if (leaves < 0) leaves = 1 - Math.max(0, parties.indexOf(call.extension));
    return parties.map((party, index) => (index === leaves ? sendCallTo : party));
  };

  const summary = (request: Request) => {
    const self = `http://${request.get('host')}/uapi/phoneCalls/${call.owner}/${call.extension}/${call.id}`;
    return { id: call.id, extension: call.extension, link: { self } };
  };
  const details = (request: Request) => {
    const [source, destination] = partiesToShow();
    const answered = '2012-06-27T16:08:55+03:00';
    const view = { id: '01', extension: call.extension, answered, status: '5', callerId: `John Doe <${destination}>` };
    const owner = { ownerId: '3', ownerName: 'Default Organization', answered, published: '2012-06-27T16:08:50+03:00' };
    const phoneCallView = [{ ...view, source: [source], destination: [destination] }];
    return { ...summary(request), ...owner, phoneCallView };
  };

  const transfer: RequestHandler = (request, response) => {
    find(request);
    const parties = partiesAfter(call.parties, check(request));
    shown = { parties, since: Date.now(), before: call.parties };
    call.parties = parties;
    response.json(summary(request));
  };
  const read: RequestHandler = (request, response) => {
    find(request);
    response.json(request.params.phoneCallId === undefined ? { entry: [details(request)] } : details(request));
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').set('case sensitive routing', true).set('env', 'test');
  let busy = { second: 0, requests: 0 };
  app.use((request, _response, next) => {
    if (!request.get('host') && request.httpVersion === '1.1')
      throw new Refused('request_unreadable', 'The request names no Host.');
    if (options.firewall && /%[01][0-9a-f]|%7f/i.test(request.path))
      throw new Refused('firewall_blocked', 'The path has control characters.');
    if (options.firewall && !request.get('user-agent'))
      throw new Refused('firewall_blocked', 'The request names no User-Agent.', 403);
    const second = Math.floor(Date.now() / 1000);
    busy = { second, requests: busy.second === second ? busy.requests + 1 : 1 };
    if (options.busyAbove && busy.requests > options.busyAbove)
      throw new Refused('too_many_requests', 'There are too many requests.', 429);
    next();
  });
  app.use(express.json({ limit: options.bodyLimit ?? '100kb' }), authorize);
  app.route('/uapi/phoneCalls/:userId/:extension/:phoneCallId').put(transfer).get(read);
  app.route('/uapi/phoneCalls/:userId/:extension').put(transfer).get(read);
  app.use((request) => {
    const here = request.path.startsWith('/uapi/phoneCalls/');
    throw new Refused('request_not_implemented', 'There is no such operation.', here ? 501 : 404);
  });
  const fail: ErrorRequestHandler = (error, request, response, next) => {
    if (options.plainErrors && !(error instanceof Refused)) return next(error);
    const status = error.status ?? 500;
    const code =
      (error instanceof URIError && codeOfUndecodable(request.originalUrl)) ||
      error.code ||
      (status === 500 ? 'internal_server_error' : codes.sendCallTo);
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    if (status === 429) response.set('Retry-After', '1');
    response.status(status).json({ error: { code, message: error.message } });
  };
  app.use(fail);

  return listen(createServer({ requireHostHeader: false }, app));
}
