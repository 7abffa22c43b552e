/** Serves the transfer of one telephone call with Hono on Node's HTTP/1.1 or HTTP/2 server. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { ServerHttp2Session } from 'node:http2';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { codes, listen, numberNames } from '../shared.ts';
import type { Options, Running, Transfer } from '../shared.ts';

/** Makes the error that app.onError turns into the documented body. */
const refusal = (status: ContentfulStatusCode, code: string, message: string) =>
  new HTTPException(status, { message, cause: code });

/** Tells whether a value is the number of an extension or a public number. */
const isNumber = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && [/^[0-9*]+$/, /^\+[0-9]+$/].some((pattern) => pattern.test(value));

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options): Promise<Running> {
  const phoneCallId = 'b817d2618fe6f1804333';
  const owner = '12';
  const number = '0003*210';
  // What happened to the call, oldest first; the last entry is the call as it is now.
  const history = [{ at: 0, between: ['0003*210', '0003*024'] as [string, string] }];
  const now = () => history.at(-1)!.between;
  const visible = () => history.findLast((moment) => Date.now() - moment.at >= (options.readsLate ?? 0))!.between;

  const app = new Hono({ strict: false });

  app.onError((error, c) => {
    const known = error instanceof HTTPException;
    if (options.plainErrors && !(known && error.cause)) return known ? error.getResponse() : c.text(error.message, 500);
    const status = known ? error.status : 500;
    const code = known ? ((error.cause as string) ?? 'pc_sendcallto_invalid') : 'internal_server_error';
    if (status === 401) c.header('WWW-Authenticate', 'Bearer');
    return c.json({ error: { code, message: error.message || code } }, status);
  });
  app.notFound(() => {
    throw refusal(404, 'request_not_implemented', 'There is no such operation.');
  });

  app.use(async (c, next) => {
    if (options.urlLimit && new URL(c.req.url).pathname.length > options.urlLimit)
      throw refusal(414, 'uri_too_long', 'The address is too long.');
    const header = c.req.header('authorization') ?? '';
    if (!/^bearer +/i.test(header) || header.replace(/^\w+ +/, '') !== options.token)
      throw refusal(401, 'access_denied', 'A valid access token is required.');
    await next();
  });

  /** Compares the path with the only call there is. */
  const locate = (c: Context) => {
    const existing: Record<string, string[]> = {
      userId: [owner, '@me', '@viewer', '@owner'],
      extension: [number, '@self'],
      phoneCallId: [phoneCallId],
    };
    for (const [name, values] of Object.entries(existing)) {
      const given = c.req.param(name);
      if (given !== undefined && !values.includes(given)) throw refusal(400, codes[name], `${name} is invalid.`);
    }
  };

  /** Reads and checks the body. */
  const transferFrom = async (c: Context): Promise<Transfer> => {
    const tooLarge = () => refusal(413, 'request_too_large', 'The body is too large.');
    const limit = options.bodyLimit ?? 1024 * 1024;
    if (Number(c.req.header('content-length')) > limit) throw tooLarge();
    const text = await c.req.text();
    if (Buffer.byteLength(text) > limit) throw tooLarge();
    let body: Record<string, unknown>;
    try {
      body = JSON.parse(text);
    } catch {
      if (options.plainErrors) throw new HTTPException(400, { message: 'Malformed JSON in request body' });
      throw refusal(400, 'pc_sendcallto_invalid', 'The body is not JSON.');
    }
    if (body === null || typeof body !== 'object' || Array.isArray(body))
      throw refusal(400, 'pc_sendcallto_invalid', 'The body is no object.');
    if (body.action !== 'Transfer') throw refusal(501, 'request_not_implemented', 'The action is not implemented.');
    const transfer: Record<string, string> = {};
    for (const name of numberNames) {
      const value = body[name];
      if (name === 'transferNumber' && !(name in body)) continue;
      if (!isNumber(value)) throw refusal(400, codes[name], `${name} is invalid.`);
      transfer[name] = value;
    }
    if (options.noNumberTwice && now().includes(transfer.sendCallTo))
      throw refusal(400, 'pc_sendcallto_invalid', 'sendCallTo takes part in the call already.');
    if (options.oneTransferOnly && history.length > 1)
      throw refusal(400, 'pc_phoncall_invalid', 'The phone call was transferred before.');
    return transfer as Transfer;
  };

  /** Returns the call's parties after a transfer: who stays keeps the place, the other place is taken. */
  const after = ([source, destination]: [string, string], transfer: Transfer): [string, string] => {
    const { sendCallTo: arriving, transferFromNumber: leaving, transferNumber: staying } = transfer;
    if (leaving === source && leaving !== destination) return [arriving, destination];
    if (leaving === destination) return [source, arriving];
    if (staying !== undefined && staying === destination) return [arriving, destination];
    return staying === source || source === number ? [source, arriving] : [arriving, destination];
  };

  const summary = (c: Context) => {
    const self = new URL(`/uapi/phoneCalls/${owner}/${number}/${phoneCallId}`, c.req.url).href;
    return { id: phoneCallId, extension: number, link: { self } };
  };
  const details = (c: Context) => {
    const [source, destination] = visible();
    const view = { id: '01', extension: number, status: '5', source: [source], destination: [destination] };
    const published = '2012-06-27T16:08:50.250+03:00';
    return { ...summary(c), ownerId: '3', ownerName: 'Default Organization', published, phoneCallView: [view] };
  };

  const paths = ['/uapi/phoneCalls/:userId/:extension/:phoneCallId', '/uapi/phoneCalls/:userId/:extension'];
  for (const path of paths) {
    app.put(path, async (c) => {
      locate(c);
      const transfer = await transferFrom(c);
      history.push({ at: Date.now(), between: after(now(), transfer) });
      return c.json(summary(c));
    });
    app.get(path, (c) => {
      locate(c);
      return c.json(c.req.param('phoneCallId') === undefined ? { entry: [details(c)] } : details(c));
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
