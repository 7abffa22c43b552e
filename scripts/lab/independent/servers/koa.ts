/** Serves the transfer of one telephone call with Koa. */
import { createServer } from 'node:http';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import type { Context, Next } from 'koa';
import { codes, listen, numberNames } from '../shared.ts';
import type { Options, Running, Transfer } from '../shared.ts';

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options): Promise<Running> {
  const user = { id: '12', aliases: ['@me', '@viewer', '@owner'] };
  const id = 'b817d2618fe6f1804333';
  const extension = '0003*210';
  let isLive = true;
  let parties = options.calledByOther ? ['0003*024', extension] : [extension, '0003*024'];

  const refuse = (ctx: Context, code: string, message: string, status = 400): never =>
    ctx.throw(status, message, { code, expose: true });

  /** Turns every error into the body that the interface documents. */
  const errors = async (ctx: Context, next: Next) => {
    try {
      if (!ctx.host && ctx.req.httpVersion === '1.1') refuse(ctx, 'request_unreadable', 'The request names no Host.');
      await next();
      if (ctx.status === 404 && !ctx.body) refuse(ctx, 'request_not_implemented', 'There is no such operation.', 404);
    } catch (thrown) {
      const error = thrown as { status?: number; code?: string; message: string };
      if (options.plainErrors && !/^[a-z_]+$/.test(error.code ?? '')) throw error;
      const status = error.status ?? 500;
      const code = status >= 500 && status !== 501 ? 'internal_server_error' : error.code;
      const fallback = status === 501 || status === 405 ? 'request_not_implemented' : codes.sendCallTo;
      const documented = code && /^[a-z_]+$/.test(code) ? code : fallback;
      ctx.status = status;
      if (status === 401) ctx.set('WWW-Authenticate', 'Bearer');
      ctx.body = { error: { code: documented, message: error.message } };
    }
  };

  const authorize = async (ctx: Context, next: Next) => {
    const [scheme, credentials, ...more] = ctx.get('authorization').split(/ +/);
    if (scheme.toLowerCase() === 'bearer' && credentials === options.token && more.length === 0) return next();
    refuse(ctx, 'access_denied', 'The request carries no valid token.', 401);
  };

  /** Resolves the path's parts to a live call. */
  const resolve = async (ctx: Context, next: Next) => {
    const { userId, phoneCallId } = ctx.params;
    if (userId !== user.id && !user.aliases.includes(userId)) refuse(ctx, 'user_invalid', 'There is no such User.');
    if (ctx.params.extension !== extension && ctx.params.extension !== '@self')
      refuse(ctx, 'extension_invalid', 'There is no such extension.');
    if (phoneCallId !== undefined && (phoneCallId !== id || !isLive))
      refuse(ctx, 'pc_phoncall_invalid', 'There is no such phone call.');
    await next();
  };

  /** Reads a transfer from the body. */
  const readTransfer = (ctx: Context): Transfer => {
    if (ctx.get('content-type') && ctx.is('application/json') === false)
      refuse(ctx, 'media_type_unsupported', 'The body must be application/json.', 415);
    const { body } = ctx.request as unknown as { body: Record<string, unknown> };
    if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.keys(body).length === 0)
      refuse(ctx, codes.sendCallTo, 'The body is no PhoneCallAction.');
    if (body.action !== 'Transfer') refuse(ctx, 'request_not_implemented', 'action must be Transfer.', 501);
    const transfer: Record<string, string> = {};
    for (const name of numberNames) {
      const value = body[name];
      if (name === 'transferNumber' && value === undefined) continue;
      if (typeof value !== 'string' || !/^(?:\+?\d+|[\d*]+)$/.test(value))
        return refuse(ctx, codes[name], `${name} is missing or is no number.`);
      if (options.partiesChecked && name !== 'sendCallTo' && !parties.includes(value))
        refuse(ctx, codes[name], `${name} is not on the call.`);
      transfer[name] = value;
    }
    return transfer as Transfer;
  };

  /** Finds the party that stays on the call when another number comes. */
  const staying = ({ transferFromNumber, transferNumber }: Transfer) => {
    if (transferNumber !== undefined && parties.includes(transferNumber)) return transferNumber;
    const others = parties.filter((party) => party !== transferFromNumber);
    return others.length === 1 ? others[0] : (parties.find((party) => party === extension) ?? parties[0]);
  };

  const describe = (withViews: boolean) => {
    const link = { self: `/uapi/phoneCalls/${user.id}/${extension}/${id}` };
    if (!withViews) return { id, extension, link };
    const flow = parties.every((number) => number.includes('*')) ? 2 : 4;
    const sides = { source: [parties[0]], destination: [parties[1]] };
    const view = { id: '01', extension, answered: '2012-06-27T13:08:55Z', status: 5, flow, ...sides };
    const owner = { ownerId: '3', ownerName: 'Default Organization', published: '2012-06-27T13:08:50Z' };
    return { id, extension, ...owner, phoneCallView: [view], link };
  };

  const transfer = async (ctx: Context) => {
    const wanted = readTransfer(ctx);
    parties = [staying(wanted), wanted.sendCallTo];
    isLive = !options.callEnds;
    ctx.body = describe(false);
  };
  const read = (ctx: Context) => {
    const isList = options.entry || !('phoneCallId' in ctx.params);
    ctx.body = isList ? { entry: isLive ? [describe(true)] : [] } : describe(true);
  };
  const router = new Router({ prefix: '/uapi/phoneCalls' });
  for (const path of ['/:userId/:extension/:phoneCallId', '/:userId/:extension'])
    router.get(path, authorize, resolve, read).put(path, authorize, resolve, transfer);

  const app = new Koa();
  app.silent = true;
  app.use(errors);
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: options.bodyLimit ?? '1mb' }));
  app.use(router.routes()).use(router.allowedMethods({ throw: true }));

  return listen(createServer({ requireHostHeader: false }, app.callback()));
}
