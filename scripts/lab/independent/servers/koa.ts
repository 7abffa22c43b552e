/** Serves the transfer of one telephone call with Koa. */
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import type { Context as KoaContext, Next } from 'koa';
import type { Answer, CommonOptions, Context, NumberName, PathName, Running, Transfer, Variants } from '../hooks.ts';
import { codes, listen } from '../listen.ts';
import { sentences } from '../sentences.ts';

export type Options = CommonOptions & {
  partiesChecked?: boolean;
  callEnds?: boolean;
  bodyLimit?: string;
  entry?: boolean;
  success?: 200 | 202;
  plusStripped?: boolean;
  selfAsNumber?: boolean;
  links?: boolean;
  noCollection?: boolean;
  streamed?: boolean;
  actionCode?: string;
  forbidden?: boolean;
  calledByOther?: boolean;
};

type Leg = { number: string; side: 'source' | 'destination' };

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options = {}): Promise<Running> {
  const hooks = options.hooks?.() ?? {};
  const token = options.token ?? 'token';
  const linkName = options.links ? 'links' : 'link';
  const user = { id: '12', aliases: ['@me', '@viewer', '@owner'] };
  const calls = new Map([['b817d2618fe6f1804333', { extension: '0003*210', legs: [] as Leg[] }]]);
  const live = calls.get('b817d2618fe6f1804333')!;

  const parties = () => live.legs.map((leg) => leg.number);
  const put = ([source, destination]: string[]) => {
    live.legs = [
      { number: source, side: 'source' },
      { number: destination, side: 'destination' },
    ];
  };
  put(options.calledByOther ? ['0003*024', '0003*210'] : ['0003*210', '0003*024']);

  const refuse = (ctx: KoaContext, code: string, message: string, status = 400): never =>
    ctx.throw(status, message, { code, expose: true });

  const send = (ctx: KoaContext, answer: Answer) => {
    const { status, body, headers } = hooks.answer?.(answer, ctx.state.context) ?? answer;
    ctx.status = status;
    ctx.set(headers);
    if (body === undefined) return void (ctx.body = null);
    if (!options.streamed || typeof body === 'string') return void (ctx.body = body);
    ctx.type = 'application/json';
    ctx.body = Readable.from(JSON.stringify(body, undefined, 2).split(/(?=\n)/));
  };

  /** Turns every error into the body that the interface documents. */
  const errors = async (ctx: KoaContext, next: Next) => {
    const head = { method: ctx.method, url: ctx.originalUrl, headers: ctx.headers };
    const path = { userId: '', extension: '', phoneCallId: '' };
    ctx.state.context = { head, kind: 'other', path, body: undefined, parties, put } satisfies Context;
    try {
      const answer = hooks.before?.(head);
      if (answer) return send(ctx, answer);
      if (!ctx.host && ctx.req.httpVersion === '1.1') refuse(ctx, 'request_unreadable', 'The request names no Host.');
      await next();
      if (ctx.status === 404 && !ctx.body) refuse(ctx, 'request_not_implemented', 'There is no such operation.', 404);
    } catch (thrown) {
      const error = thrown as { status?: number; code?: string; message: string };
      if (options.plainErrors && !/^[a-z_]+$/.test(error.code ?? '')) throw error;
      const status = error.status ?? 500;
      const code = status >= 500 && status !== 501 ? 'internal_server_error' : error.code;
      const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
      const fallback = status === 501 || status === 405 ? 'request_not_implemented' : codes.sendCallTo;
      const documented = code && /^[a-z_]+$/.test(code) ? code : fallback;
      send(ctx, { status, body: { error: { code: documented, message: error.message } }, headers });
    }
  };

  const authorize = async (ctx: KoaContext, next: Next) => {
    const header = ctx.get('authorization') || undefined;
    const [scheme, credentials, ...more] = (header ?? '').split(/ +/);
    const right = scheme.toLowerCase() === 'bearer' && credentials === token && more.length === 0;
    if (hooks.authorized?.(header, token, ctx.state.context.head) ?? right) return next();
    if (options.forbidden && credentials) refuse(ctx, 'token_expired', 'The token has expired.', 403);
    refuse(ctx, 'access_denied', 'The request carries no valid token.', 401);
  };

  /** Resolves the path's parts to a live call. */
  const resolve = async (ctx: KoaContext, next: Next) => {
    const context: Context = ctx.state.context;
    context.kind = ctx.method === 'PUT' ? 'transfer' : 'read';
    const raw = ctx.path.split('/').slice(3);
    (['userId', 'extension', 'phoneCallId'] as PathName[]).forEach((name, index) => {
      const value: string = ctx.params[name] ?? '';
      context.path[name] = hooks.segment?.(value, name, raw[index] ?? '') ?? value;
    });
    const { userId, extension, phoneCallId } = context.path;
    if (!(hooks.known?.(userId, 'userId', context) ?? (userId === user.id || user.aliases.includes(userId))))
      refuse(ctx, 'user_invalid', 'There is no such User.');
    if (!(hooks.known?.(extension, 'extension', context) ?? (extension === live.extension || extension === '@self')))
      refuse(ctx, 'extension_invalid', 'There is no such extension.');
    if ('phoneCallId' in ctx.params && !(hooks.known?.(phoneCallId, 'phoneCallId', context) ?? calls.has(phoneCallId)))
      refuse(ctx, 'pc_phoncall_invalid', 'There is no such phone call.');
    await next();
  };

  /** Reads a transfer from the body. */
  const readTransfer = (ctx: KoaContext): Transfer => {
    if (ctx.get('content-type') && ctx.is('application/json') === false)
      refuse(ctx, 'media_type_unsupported', 'The body must be application/json.', 415);
    const request = ctx.request as unknown as { body?: unknown; rawBody?: string };
    let body = request.body as Record<string, unknown>;
    if (hooks.parse) body = hooks.parse(request.rawBody ?? '') as typeof body;
    if (hooks.body) body = hooks.body(body) as typeof body;
    ctx.state.context.body = body;
    if (typeof body !== 'object' || body === null || Array.isArray(body) || Object.keys(body).length === 0)
      refuse(ctx, codes.sendCallTo, 'The body is no PhoneCallAction.');
    if (body.action !== 'Transfer')
      refuse(
        ctx,
        options.actionCode ?? 'request_not_implemented',
        'action must be Transfer.',
        options.actionCode ? 400 : 501,
      );
    const transfer: Record<string, string> = {};
    for (const name of ['sendCallTo', 'transferFromNumber', 'transferNumber'] as NumberName[]) {
      const code = codes[name];
      if (name === 'transferNumber' && body[name] === undefined) continue;
      let value = body[name];
      if (options.selfAsNumber && value === '@self' && name !== 'sendCallTo') value = live.extension;
      const right = typeof value === 'string' && /^(?:\+?\d+|[\d*]+)$/.test(value);
      if (!(hooks.number?.(value, name) ?? right)) refuse(ctx, code, `${name} is missing or is no number.`);
      if (options.plusStripped) value = String(value).replace(/^\+/, '');
      if (options.partiesChecked && name !== 'sendCallTo' && !parties().includes(value as string))
        refuse(ctx, code, `${name} is not on the call.`);
      transfer[name] = value as string;
    }
    return transfer as Transfer;
  };

  /** Finds the leg that stays on the call when another number comes. */
  const staying = (transfer: Transfer, legs: Leg[]) =>
    legs.find((leg) => leg.number === transfer.transferNumber) ??
    (legs.some((leg) => leg.number === transfer.transferFromNumber)
      ? legs.find((leg) => leg.number !== transfer.transferFromNumber)
      : legs.find((leg) => leg.number === live.extension)) ??
    legs[0];

  const describe = (id: string, withViews: boolean) => {
    const link = { self: `/uapi/phoneCalls/${user.id}/${live.extension}/${id}` };
    if (!withViews) return { id, extension: live.extension, [linkName]: link };
    const numbers = (side: Leg['side']) => live.legs.filter((leg) => leg.side === side).map((leg) => leg.number);
    const flow = parties().every((number) => number.includes('*')) ? 2 : 4;
    const sides = { source: numbers('source'), destination: numbers('destination') };
    const view = { id: '01', extension: live.extension, answered: '2012-06-27T13:08:55Z', status: 5, flow, ...sides };
    const owner = { ownerId: '3', ownerName: 'Default Organization', published: '2012-06-27T13:08:50Z' };
    return { id, extension: live.extension, ...owner, phoneCallView: [view], [linkName]: link };
  };

  const id = 'b817d2618fe6f1804333';
  const router = new Router({ prefix: '/uapi/phoneCalls' });
  const transfer = async (ctx: KoaContext) => {
    if (!('phoneCallId' in ctx.params) && options.noCollection)
      refuse(ctx, 'request_not_implemented', 'Name the phone call to transfer.', 501);
    const wanted = readTransfer(ctx);
    const before = live.legs;
    await hooks.between?.();
    const numbers = before.map((leg) => leg.number);
    put(hooks.moves?.(numbers, wanted, ctx.state.context) ?? [staying(wanted, before).number, wanted.sendCallTo]);
    hooks.moved?.(numbers, ctx.state.context);
    if (options.callEnds) calls.delete(id);
    send(ctx, { status: options.success ?? 200, body: describe(id, false), headers: {} });
  };
  const read = (ctx: KoaContext) => {
    const list = options.entry || !('phoneCallId' in ctx.params);
    const entry = calls.has(id) ? [describe(id, true)] : [];
    send(ctx, { status: 200, body: list ? { entry } : describe(id, true), headers: {} });
  };
  for (const path of ['/:userId/:extension/:phoneCallId', '/:userId/:extension'])
    router.get(path, authorize, resolve, read).put(path, authorize, resolve, transfer);

  const app = new Koa();
  app.silent = true;
  app.use(errors);
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: options.bodyLimit ?? '1mb' }));
  app.use(router.routes()).use(router.allowedMethods({ throw: true }));

  return listen(createServer({ requireHostHeader: false }, app.callback()));
}

export const variants: Variants<Options> = {
  'parties-checked': { options: { partiesChecked: true }, why: sentences.parties },
  'call-ends': { options: { callEnds: true }, why: sentences.callInvalid, ends: 'incomplete' },
  'body-limit': { options: { bodyLimit: '16kb' }, why: sentences.rfcTooLarge },
  entry: { options: { entry: true }, why: sentences.entry },
  accepted: { options: { success: 202 }, why: sentences.accepted },
  'plus-stripped': { options: { plusStripped: true }, why: sentences.numberContract },
  'self-as-number': { options: { selfAsNumber: true }, why: sentences.numberGrammar },
  links: { options: { links: true }, why: sentences.links },
  'no-collection': { options: { noCollection: true }, why: sentences.notImplemented },
  streamed: { options: { streamed: true }, why: sentences.rfcChunked },
  'action-code': { options: { actionCode: 'pc_action_invalid' }, why: sentences.actionFree },
  forbidden: { options: { forbidden: true }, why: sentences.forbidden },
  'called-by-other': { options: { calledByOther: true }, why: sentences.parties },
};
