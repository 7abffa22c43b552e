/** Serves the transfer of one telephone call with Hono on Node's HTTP/1.1 or HTTP/2 server. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { ServerHttp2Session } from 'node:http2';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context as HonoContext } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Answer, CommonOptions, Context, NumberName, PathName, Running, Transfer, Variants } from '../hooks.ts';
import { codes, listen } from '../listen.ts';
import { sentences } from '../sentences.ts';

export type Options = CommonOptions & {
  noNumberTwice?: boolean;
  oneTransferOnly?: boolean;
  bodyLimit?: number;
  urlLimit?: number;
  headerLimit?: number;
  success?: 200 | 204;
  readsLate?: number;
  plusStripped?: boolean;
  mediaTypeDemanded?: boolean;
  bareSummary?: boolean;
  realm?: string;
  http2?: boolean;
  pageLink?: boolean;
};

type Environment = { Variables: { context: Context } };

/** Makes the error that app.onError turns into the documented body. */
const refusal = (status: ContentfulStatusCode, code: string, message: string) =>
  new HTTPException(status, { message, cause: code });

/** Tells whether a value is the number of an extension or a public number. */
const isNumber = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && [/^[0-9*]+$/, /^\+[0-9]+$/].some((pattern) => pattern.test(value));

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options = {}): Promise<Running> {
  const hooks = options.hooks?.() ?? {};
  const token = options.token ?? 'token';
  const phoneCallId = 'b817d2618fe6f1804333';
  const owner = '12';
  const number = '0003*210';
  // What happened to the call, oldest first; the last entry is the call as it is now.
  const history = [{ at: 0, between: ['0003*210', '0003*024'] as [string, string] }];
  const now = () => history.at(-1)!.between;
  const visible = () => history.findLast((moment) => Date.now() - moment.at >= (options.readsLate ?? 0))!.between;
  const put = (between: string[]) => void history.push({ at: Date.now(), between: between as [string, string] });

  const send = (c: HonoContext<Environment>, answer: Answer) => {
    const { status, body, headers } = hooks.answer?.(answer, c.get('context')) ?? answer;
    if (body === undefined) return c.body(null, status as 204, headers);
    if (typeof body === 'string') return c.body(body, status as ContentfulStatusCode, headers);
    return c.json(body as object, status as ContentfulStatusCode, headers);
  };

  const app = new Hono<Environment>({ strict: false });

  app.onError((error, c) => {
    const known = error instanceof HTTPException;
    if (options.plainErrors && !(known && error.cause)) return known ? error.getResponse() : c.text(error.message, 500);
    const status = known ? error.status : 500;
    const code = known ? ((error.cause as string) ?? 'pc_sendcallto_invalid') : 'internal_server_error';
    const headers: Record<string, string> = {};
    if (status === 401) headers['WWW-Authenticate'] = options.realm ?? 'Bearer';
    return send(c, { status, body: { error: { code, message: error.message || code } }, headers });
  });
  app.notFound(() => {
    throw refusal(404, 'request_not_implemented', 'There is no such operation.');
  });

  app.use(async (c, next) => {
    const head = { method: c.req.method, url: new URL(c.req.url).pathname, headers: c.req.header() };
    const path = { userId: '', extension: '', phoneCallId: '' };
    c.set('context', { head, kind: 'other', path, body: undefined, parties: () => [...now()], put });
    const answer = hooks.before?.(head);
    if (answer) return send(c, answer);
    if (options.urlLimit && head.url.length > options.urlLimit)
      throw refusal(414, 'uri_too_long', 'The address is too long.');
    const header = c.req.header('authorization');
    const right = /^bearer +/i.test(header ?? '') && header!.replace(/^\w+ +/, '') === token;
    if (!(hooks.authorized?.(header, token, head) ?? right))
      throw refusal(401, 'access_denied', 'A valid access token is required.');
    await next();
  });

  /** Compares the path with the only call there is. */
  const locate = (c: HonoContext<Environment>, kind: Context['kind']) => {
    const context = c.get('context');
    context.kind = kind;
    const raw = context.head.url.split('/').slice(3);
    const existing: Record<PathName, { values: string[]; code: string }> = {
      userId: { values: [owner, '@me', '@viewer', '@owner'], code: codes.userId },
      extension: { values: [number, '@self'], code: codes.extension },
      phoneCallId: { values: [phoneCallId], code: codes.phoneCallId },
    };
    for (const [index, name] of (Object.keys(existing) as PathName[]).entries()) {
      const given = c.req.param(name);
      if (given === undefined) continue;
      context.path[name] = hooks.segment?.(given, name, raw[index]) ?? given;
      const { values, code } = existing[name];
      if (!(hooks.known?.(context.path[name], name, context) ?? values.includes(context.path[name])))
        throw refusal(400, code, `${name} is invalid.`);
    }
    return context;
  };

  /** Reads the body as a transfer. */
  const transferFrom = async (c: HonoContext<Environment>): Promise<Transfer> => {
    const type = c.req.header('content-type');
    if (options.mediaTypeDemanded && !/^application\/json *(;|$)/i.test(type ?? ''))
      throw refusal(415, 'media_type_unsupported', 'The body must be application/json.');
    const tooLarge = () => refusal(413, 'request_too_large', 'The body is too large.');
    const limit = options.bodyLimit ?? 1024 * 1024;
    if (Number(c.req.header('content-length')) > limit) throw tooLarge();
    const text = await c.req.text();
    if (Buffer.byteLength(text) > limit) throw tooLarge();
    let body: Record<string, unknown>;
    try {
      body = (hooks.parse ?? JSON.parse)(text) as typeof body;
    } catch {
      if (options.plainErrors) throw new HTTPException(400, { message: 'Malformed JSON in request body' });
      throw refusal(400, 'pc_sendcallto_invalid', 'The body is not JSON.');
    }
    if (hooks.body) body = hooks.body(body) as typeof body;
    c.get('context').body = body;
    if (body === null || typeof body !== 'object' || Array.isArray(body))
      throw refusal(400, 'pc_sendcallto_invalid', 'The body is no object.');
    if (body.action !== 'Transfer') throw refusal(501, 'request_not_implemented', 'The action is not implemented.');
    const accepts = (name: NumberName) => hooks.number?.(body[name], name) ?? isNumber(body[name]);
    for (const name of ['sendCallTo', 'transferFromNumber', 'transferNumber'] as NumberName[])
      if ((name !== 'transferNumber' || name in body) && !accepts(name))
        throw refusal(400, codes[name], `${name} is invalid.`);
    const plain = (value: unknown) => (options.plusStripped ? String(value).replace('+', '') : value) as string;
    const transfer: Transfer = {
      sendCallTo: plain(body.sendCallTo),
      transferFromNumber: plain(body.transferFromNumber),
    };
    if ('transferNumber' in body) transfer.transferNumber = plain(body.transferNumber);
    if (options.noNumberTwice && now().includes(transfer.sendCallTo))
      throw refusal(400, 'pc_sendcallto_invalid', 'sendCallTo takes part in the call already.');
    if (options.oneTransferOnly && history.length > 1)
      throw refusal(400, 'pc_phoncall_invalid', 'The phone call was transferred before.');
    return transfer;
  };

  /** Returns the call's parties after a transfer: who stays keeps the place, the other place is taken. */
  const after = ([source, destination]: string[], transfer: Transfer): [string, string] => {
    const { sendCallTo: arriving, transferFromNumber: leaving, transferNumber: staying } = transfer;
    if (leaving === source && leaving !== destination) return [arriving, destination];
    if (leaving === destination) return [source, arriving];
    if (staying !== undefined && staying === destination) return [arriving, destination];
    return staying === source || source === number ? [source, arriving] : [arriving, destination];
  };

  const link = (c: HonoContext) => {
    const path = `/uapi/phoneCalls/${owner}/${number}/${phoneCallId}`;
    return { self: options.pageLink ? `https://x.x.x.x/${path}` : new URL(path, c.req.url).href };
  };
  const summary = (c: HonoContext) =>
    options.bareSummary ? { id: phoneCallId } : { id: phoneCallId, extension: number, link: link(c) };
  const details = (c: HonoContext) => {
    const [source, destination] = visible();
    const view = { id: '01', extension: number, status: '5', source: [source], destination: [destination] };
    if (options.bareSummary) return { id: phoneCallId, phoneCallView: [view] };
    const published = '2012-06-27T16:08:50.250+03:00';
    return { ...summary(c), ownerId: '3', ownerName: 'Default Organization', published, phoneCallView: [view] };
  };

  const paths = ['/uapi/phoneCalls/:userId/:extension/:phoneCallId', '/uapi/phoneCalls/:userId/:extension'];
  for (const path of paths) {
    app.put(path, async (c) => {
      const context = locate(c, 'transfer');
      const transfer = await transferFrom(c);
      const before = [...now()];
      await hooks.between?.();
      put(hooks.moves?.(before, transfer, context) ?? after(before, transfer));
      hooks.moved?.(before, context);
      const status = options.success ?? 200;
      return send(c, { status, body: status === 204 ? undefined : summary(c), headers: {} });
    });
    app.get(path, (c) => {
      const context = locate(c, 'read');
      const list = context.path.phoneCallId === '';
      return send(c, { status: 200, body: list ? { entry: [details(c)] } : details(c), headers: {} });
    });
    app.all(path, () => {
      throw refusal(501, 'request_not_implemented', 'There is no such operation.');
    });
  }

  const unreadable = { error: { code: 'request_unreadable', message: 'The request cannot be read.' } };
  const errorHandler = () => Response.json(unreadable, { status: 400 });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler });
  const sessions = new Set<ServerHttp2Session>();
  const server = options.http2
    ? createHttp2Server(listener).on('session', (session) => void sessions.add(session))
    : createServer({ maxHeaderSize: options.headerLimit ?? 16384, requireHostHeader: false }, listener);
  return listen(server as Server, () => {
    for (const session of sessions) session.destroy();
  });
}

export const variants: Variants<Options> = {
  'no-number-twice': { options: { noNumberTwice: true }, why: sentences.sendCallToInvalid },
  'one-transfer-only': { options: { oneTransferOnly: true }, why: sentences.callInvalid, ends: 'incomplete' },
  'body-limit': { options: { bodyLimit: 16384 }, why: sentences.rfcTooLarge },
  'url-limit': { options: { urlLimit: 2048 }, why: sentences.rfcUriTooLong },
  'header-limit': { options: { headerLimit: 4096 }, why: sentences.rfcFieldsTooLarge },
  'no-content': { options: { success: 204 }, why: sentences.noContent },
  'reads-late': { options: { readsLate: 300 }, why: sentences.silentOnTime },
  'plus-stripped': { options: { plusStripped: true }, why: sentences.numberContract },
  'media-type-demanded': { options: { mediaTypeDemanded: true }, why: sentences.contentType },
  'bare-summary': { options: { bareSummary: true }, why: sentences.onlyId },
  realm: { options: { realm: 'Bearer realm="UnifiedAPI", error="invalid_token"' }, why: sentences.rfcChallenge },
  http2: { options: { http2: true }, why: sentences.rfcHttp2, ends: 'nothing verified' },
  'page-link': { options: { pageLink: true }, why: sentences.pageLink },
};
