/** Serves the transfer of one telephone call with Express 5. */
import { createServer } from 'node:http';
import express from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type {
  Answer,
  CommonOptions,
  Context,
  Hooks,
  NumberName,
  PathName,
  Running,
  Transfer,
  Variants,
} from '../hooks.ts';
import { codeOfUndecodable, codes, listen, partsOf } from '../listen.ts';
import { sentences } from '../sentences.ts';

export type Options = CommonOptions & {
  partiesChecked?: boolean;
  noNumberTwice?: boolean;
  plusRefused?: boolean;
  unknownExtensionsRefused?: boolean;
  bodyLimit?: string;
  anyMediaType?: boolean;
  firewall?: boolean;
  success?: 200 | 202 | 204;
  readsLate?: number;
  noCollection?: boolean;
  chunked?: boolean;
  realm?: string;
  busyAbove?: number;
  viewPerParty?: boolean;
};

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
export async function start(options: Options = {}): Promise<Running> {
  const hooks: Hooks = options.hooks?.() ?? {};
  const token = options.token ?? 'token';
  const call = { id: 'b817d2618fe6f1804333', owner: '12', extension: '0003*210', parties: ['0003*210', '0003*024'] };
  let shown = { parties: call.parties, since: 0, before: call.parties };

  const put = (parties: string[]) => {
    shown = { parties, since: Date.now(), before: call.parties };
    call.parties = parties;
  };
  const partiesToShow = () => (Date.now() - shown.since < (options.readsLate ?? 0) ? shown.before : shown.parties);

  const contexts = new WeakMap<Request, Context>();
  const contextOf = (request: Request) => {
    const known = contexts.get(request);
    if (known) return known;
    const head = { method: request.method, url: request.originalUrl, headers: request.headers };
    const path = { userId: '', extension: '', phoneCallId: '' };
    const context: Context = { head, kind: 'other', path, body: request.body, parties: () => call.parties, put };
    contexts.set(request, context);
    return context;
  };

  const send = (request: Request, response: Response, answer: Answer) => {
    const { status, body, headers } = hooks.answer?.(answer, contextOf(request)) ?? answer;
    response.status(status).set(headers);
    if (body === undefined) return void response.end();
    if (typeof body === 'string') return void response.send(body);
    if (!options.chunked) return void response.json(body);
    const text = JSON.stringify(body);
    response.type('json').write(text.slice(0, 7));
    response.end(text.slice(7));
  };

  const authorize: RequestHandler = (request, _response, next) => {
    const header = request.get('authorization');
    const right =
      hooks.authorized?.(header, token, contextOf(request).head) ?? header?.match(/^bearer +(\S+)$/i)?.[1] === token;
    next(right ? undefined : new Refused('access_denied', 'The request carries no valid token.', 401));
  };

  /** Finds what the path names, or refuses it. */
  const find = (request: Request, kind: 'transfer' | 'read') => {
    const context = contextOf(request);
    context.kind = kind;
    const raw = partsOf(request.originalUrl);
    const names: PathName[] = ['userId', 'extension', 'phoneCallId'];
    names.forEach((name, index) => {
      const value = String(request.params[name] ?? '');
      context.path[name] = hooks.segment?.(value, name, raw[index] ?? '') ?? value;
    });
    const { userId, extension, phoneCallId } = context.path;
    const known = (name: PathName, right: boolean) => hooks.known?.(context.path[name], name, context) ?? right;
    if (!known('userId', [call.owner, '@me', '@viewer', '@owner'].includes(userId)))
      throw new Refused('user_invalid', 'userId names no User.');
    if (!known('extension', [call.extension, '@self'].includes(extension)))
      throw new Refused('extension_invalid', 'extension names no extension of the User.');
    if (request.params.phoneCallId !== undefined && !known('phoneCallId', phoneCallId === call.id))
      throw new Refused('pc_phoncall_invalid', 'phoneCallId names no existing phone call.');
    return context;
  };

  /** Checks the members of the body, or refuses it. */
  const check = (request: Request): Transfer => {
    if (request.body === undefined && request.headers['content-type'] && !request.is('application/json'))
      throw new Refused('media_type_unsupported', 'The body must be application/json.', 415);
    const body = (hooks.body?.(request.body) ?? request.body ?? {}) as Record<string, unknown>;
    if (body.action !== 'Transfer')
      throw body.action === undefined && body.sendCallTo === undefined
        ? new Refused('pc_sendcallto_invalid', 'sendCallTo is missing.')
        : new Refused('request_not_implemented', 'Only the action Transfer is implemented.', 501);
    const pattern = options.plusRefused ? /^[0-9*]+$/ : /^(?:\+?[0-9]+|[0-9*]+)$/;
    for (const name of ['sendCallTo', 'transferFromNumber', 'transferNumber'] as NumberName[]) {
      const value = body[name];
      if (name === 'transferNumber' && !Object.hasOwn(body, name)) continue;
      if (!(hooks.number?.(value, name) ?? (typeof value === 'string' && pattern.test(value))))
        throw new Refused(codes[name], `${name} is missing or is no phone number.`);
      if (options.partiesChecked && name !== 'sendCallTo' && !call.parties.includes(value as string))
        throw new Refused(codes[name], `${name} is no party of the phone call.`);
    }
    const transfer = body as unknown as Transfer;
    const { sendCallTo, transferFromNumber } = transfer;
    if (options.partiesChecked && transfer.transferNumber === transferFromNumber)
      throw new Refused(codes.transferNumber, 'A party cannot transfer itself.');
    if (options.noNumberTwice && call.parties.includes(sendCallTo))
      throw new Refused(codes.sendCallTo, 'sendCallTo is on the phone call already.');
    if (options.unknownExtensionsRefused && sendCallTo.includes('*') && !extensions.includes(sendCallTo))
      throw new Refused(codes.sendCallTo, 'sendCallTo is no existing extension.');
    return transfer;
  };

  /** Tells which parties are on the call once `from` has left. */
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
    const view = {
      id: '01',
      extension: call.extension,
      answered,
      status: '5',
      source: [source],
      destination: [destination],
    };
    const views = [{ ...view, callerId: `John Doe <${destination}>` }];
    if (options.viewPerParty)
      views.push({ ...view, id: '02', extension: destination, callerId: `Jane Roe <${source}>` });
    const owner = { ownerId: '3', ownerName: 'Default Organization', answered, published: '2012-06-27T16:08:50+03:00' };
    return { ...summary(request), ...owner, phoneCallView: views };
  };

  const transfer: RequestHandler = async (request, response) => {
    const context = find(request, 'transfer');
    if (request.params.phoneCallId === undefined && options.noCollection)
      throw new Refused('request_not_implemented', 'Transferring all phone calls is not implemented.', 501);
    const asked = check(request);
    context.body = request.body;
    const before = call.parties;
    await hooks.between?.();
    put(hooks.moves?.(before, asked, context) ?? partiesAfter(before, asked));
    hooks.moved?.(before, context);
    const status = options.success ?? 200;
    send(request, response, { status, body: status === 204 ? undefined : summary(request), headers: {} });
  };
  const read: RequestHandler = (request, response) => {
    find(request, 'read');
    const body = request.params.phoneCallId === undefined ? { entry: [details(request)] } : details(request);
    send(request, response, { status: 200, body, headers: {} });
  };

  const app = express();
  app.disable('x-powered-by').disable('etag').set('case sensitive routing', true).set('env', 'test');
  let busy = { second: 0, requests: 0 };
  app.use((request, response, next) => {
    const answer = hooks.before?.({ method: request.method, url: request.originalUrl, headers: request.headers });
    if (answer) return send(request, response, answer);
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
  const parser = { limit: options.bodyLimit ?? '100kb', type: options.anyMediaType ? () => true : 'application/json' };
  app.use(express.json(parser), authorize);
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
    const headers: Record<string, string> = {};
    if (status === 401) headers['WWW-Authenticate'] = options.realm ? `Bearer realm="${options.realm}"` : 'Bearer';
    if (status === 429) headers['Retry-After'] = '1';
    send(request, response, { status, body: { error: { code, message: error.message } }, headers });
  };
  app.use(fail);

  return listen(createServer({ requireHostHeader: false }, app));
}

export const variants: Variants<Options> = {
  'parties-checked': { options: { partiesChecked: true }, why: sentences.parties },
  'no-number-twice': { options: { noNumberTwice: true }, why: sentences.sendCallToInvalid },
  'plus-refused': { options: { plusRefused: true }, why: sentences.numberGrammar },
  'unknown-extensions-refused': { options: { unknownExtensionsRefused: true }, why: sentences.terminal },
  'body-limit': { options: { bodyLimit: '16kb' }, why: sentences.rfcTooLarge },
  'any-media-type': { options: { anyMediaType: true }, why: sentences.noMediaType },
  firewall: { options: { firewall: true }, why: sentences.anyError },
  'no-content': { options: { success: 204 }, why: sentences.noContent },
  'accepted-late': { options: { success: 202, readsLate: 300 }, why: sentences.rfcAccepted },
  'reads-late': { options: { readsLate: 300 }, why: sentences.silentOnTime },
  'no-collection': { options: { noCollection: true }, why: sentences.notImplemented },
  chunked: { options: { chunked: true }, why: sentences.rfcChunked },
  realm: { options: { realm: 'UnifiedAPI of 1,2' }, why: sentences.rfcChallenge },
  busy: { options: { busyAbove: 20 }, why: sentences.rfcBusy },
  'view-per-party': { options: { viewPerParty: true }, why: sentences.views },
};
