/** Serves the transfer of one telephone call with NestJS on its Express platform, with its decorators applied by hand. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import * as nest from '@nestjs/common';
import type { ArgumentsHost, CallHandler, ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Equals, IsNotEmpty, IsOptional, IsString, Matches, ValidateIf } from 'class-validator';
import type { Request, Response } from 'express';
import { map } from 'rxjs';
import type { Answer, CommonOptions, Context, NumberName, PathName, Running, Transfer, Variants } from '../hooks.ts';
import { answerUnreadable, codeOfUndecodable, codes, partsOf } from '../listen.ts';
import { sentences } from '../sentences.ts';

export type Options = CommonOptions & {
  partiesChecked?: boolean;
  oneTransferOnly?: boolean;
  firewall?: boolean;
  entry?: boolean;
  unknownExtensionsRefused?: boolean;
  plusRefused?: boolean;
  links?: boolean;
  actionCode?: string;
  transferNumberRequired?: boolean;
  forbidden?: boolean;
  success?: 200 | 202;
};

type Exchange = Request & { context: Context };

const refuse = (status: number, code: string, message: string) => new nest.HttpException({ code, message }, status);

/** Keeps the call. Each start has another service. */
class PhoneCallsService {
  id = 'b817d2618fe6f1804333';
  userId = '12';
  extension = '0003*210';
  source = '0003*210';
  destination = '0003*024';
  transfers = 0;

  parties() {
    return [this.source, this.destination];
  }
  put([source, destination]: string[]) {
    this.source = source;
    this.destination = destination;
  }
  /** Returns the parties as a transfer leaves them. */
  transferred({ sendCallTo, transferFromNumber, transferNumber }: Transfer): string[] {
    const sourceLeaves = [sendCallTo, this.destination];
    const destinationLeaves = [this.source, sendCallTo];
    if (transferFromNumber === this.source) return sourceLeaves;
    if (transferFromNumber === this.destination) return destinationLeaves;
    if (transferNumber === this.destination) return sourceLeaves;
    return transferNumber === this.source || this.destination !== this.extension ? destinationLeaves : sourceLeaves;
  }
}

/** Makes the controller for one service and its options; decorators are functions, so they can be called. */
function makeController(
  service: PhoneCallsService,
  options: Options,
  hooks: ReturnType<NonNullable<Options['hooks']>>,
) {
  class TransferDto {
    declare action: string;
    declare sendCallTo: string;
    declare transferFromNumber: string;
    declare transferNumber?: string;
  }
  const pattern = options.plusRefused ? /^[0-9*]+$/ : /^(\+?[0-9]+|[0-9*]+)$/;
  Equals('Transfer')(TransferDto.prototype, 'action');
  for (const name of ['sendCallTo', 'transferFromNumber', 'transferNumber'] as const)
    for (const rule of [IsString(), IsNotEmpty(), Matches(pattern)])
      if (!hooks.number) rule(TransferDto.prototype, name);
  if (!options.transferNumberRequired)
    ValidateIf((dto: TransferDto) => dto.transferNumber !== undefined)(TransferDto.prototype, 'transferNumber');
  if (hooks.number) IsOptional()(TransferDto.prototype, 'sendCallTo');

  const pipe = new nest.ValidationPipe({
    expectedType: TransferDto,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      if (options.plainErrors)
        return new nest.BadRequestException(errors.flatMap((e) => Object.values(e.constraints ?? {})));
      const { property } = errors.find((error) => error.property !== 'action') ?? errors[0];
      if (property !== 'action') return refuse(400, codes[property as NumberName], `${property} is invalid.`);
      const code = options.actionCode ?? 'request_not_implemented';
      return refuse(options.actionCode ? 400 : 501, code, 'The action must be Transfer.');
    },
  });
  const bodyPipe = {
    transform(body: unknown) {
      const value = hooks.body?.(body) ?? body;
      if (value === null || typeof value !== 'object' || Array.isArray(value))
        throw refuse(400, codes.sendCallTo, 'The body is no JSON object.');
      for (const name of ['sendCallTo', 'transferFromNumber', 'transferNumber'] as const) {
        const member = (value as Record<string, unknown>)[name];
        if (!hooks.number || (name === 'transferNumber' && member === undefined)) continue;
        const right = hooks.number(member, name) ?? (typeof member === 'string' && pattern.test(member));
        if (!right) throw refuse(400, codes[name], `${name} is invalid.`);
      }
      return value;
    },
  };

  class PhoneCallsController {
    /** Resolves the path to the call that it names. */
    private find(request: Exchange, kind: Context['kind']) {
      const { context } = request;
      context.kind = kind;
      context.body = request.body;
      const raw = partsOf(request.originalUrl);
      const known: Record<PathName, string[]> = {
        userId: [service.userId, '@me', '@viewer', '@owner'],
        extension: [service.extension, '@self'],
        phoneCallId: [service.id],
      };
      (Object.keys(known) as PathName[]).forEach((name, index) => {
        const given = request.params[name] as string | undefined;
        if (given === undefined) return;
        const value = hooks.segment?.(given, name, raw[index]) ?? given;
        context.path[name] = value;
        if (!(hooks.known?.(value, name, context) ?? known[name].includes(value)))
          throw refuse(400, codes[name], `${name} is invalid.`);
      });
    }
    private show(request: Exchange) {
      const path = `/uapi/phoneCalls/${service.userId}/${service.extension}/${service.id}`;
      const self = `${request.protocol}://${request.get('host')}${path}`;
      return { id: service.id, extension: service.extension, [options.links ? 'links' : 'link']: { self } };
    }

    async transfer(request: Exchange, transfer: TransferDto) {
      this.find(request, 'transfer');
      const parties = service.parties();
      if (options.oneTransferOnly && service.transfers > 0)
        throw refuse(400, codes.transferFromNumber, 'The party has transferred the phone call before.');
      for (const name of ['transferFromNumber', 'transferNumber'] as const)
        if (options.partiesChecked && transfer[name] !== undefined && !parties.includes(transfer[name]))
          throw refuse(400, codes[name], `${name} is no party of the call.`);
      const isKnown =
        !transfer.sendCallTo.includes?.('*') ||
        [service.extension, '0003*024', '0003*100'].includes(transfer.sendCallTo);
      if (options.unknownExtensionsRefused && !isKnown)
        throw refuse(400, codes.sendCallTo, 'sendCallTo is no existing extension.');
      await hooks.between?.();
      service.put(hooks.moves?.(parties, transfer, request.context) ?? service.transferred(transfer));
      service.transfers += 1;
      hooks.moved?.(parties, request.context);
      return { status: options.success ?? 200, body: this.show(request), headers: {} } satisfies Answer;
    }
    read(request: Exchange) {
      this.find(request, 'read');
      const numbers = { source: [service.source], destination: [service.destination] };
      const flow = numbers.destination[0].includes('*') ? 2 : 4;
      const view = { id: '01', extension: service.extension, status: 5, flow, ...numbers };
      const owner = { ownerId: '3', ownerName: 'Default Organization', published: '2012-06-27T16:08:50+02:00' };
      const body = { ...this.show(request), ...owner, phoneCallView: [view] };
      const list = options.entry || request.params.phoneCallId === undefined;
      return { status: 200, body: list ? { entry: [body] } : body, headers: {} } satisfies Answer;
    }
    other(): never {
      throw refuse(501, 'request_not_implemented', 'There is no such operation.');
    }
  }
  const paths = ['/:userId/:extension/:phoneCallId', '/:userId/:extension'];
  const decorate = (name: 'transfer' | 'read' | 'other', route: MethodDecorator) => {
    route(PhoneCallsController.prototype, name, Object.getOwnPropertyDescriptor(PhoneCallsController.prototype, name)!);
    if (name !== 'other') nest.Req()(PhoneCallsController.prototype, name, 0);
  };
  decorate('transfer', nest.Put(paths));
  decorate('read', nest.Get(paths));
  decorate('other', nest.All(paths));
  nest.Body(bodyPipe, pipe)(PhoneCallsController.prototype, 'transfer', 1);
  nest.Controller('uapi/phoneCalls')(PhoneCallsController);
  return PhoneCallsController;
}

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options = {}): Promise<Running> {
  const hooks = options.hooks?.() ?? {};
  const token = options.token ?? 'token';
  const service = new PhoneCallsService();
  class AppModule {}
  nest.Module({ controllers: [makeController(service, options, hooks)] })(AppModule);
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    logger: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by').disable('etag');

  const send = (request: Exchange, response: Response, answer: Answer) => {
    const { status, body, headers } = hooks.answer?.(answer, request.context) ?? answer;
    response.status(status).set(headers);
    if (typeof body === 'string') response.send(body);
    else if (body === undefined) response.end();
    else response.json(body);
  };
  app.use((request: Exchange, response: Response, next: (error?: unknown) => void) => {
    const head = { method: request.method, url: request.originalUrl, headers: request.headers };
    const path = { userId: '', extension: '', phoneCallId: '' };
    const parties = () => service.parties();
    const put = (numbers: string[]) => service.put(numbers);
    request.context = { head, kind: 'other', path, body: undefined, parties, put };
    const answer = hooks.before?.(head);
    if (answer) return send(request, response, answer);
    if (options.firewall && /%[01][0-9a-f]|%7f/i.test(request.path)) next(refuse(400, 'firewall_blocked', 'Blocked.'));
    else if (options.firewall && !request.get('user-agent')) next(refuse(403, 'firewall_blocked', 'Blocked.'));
    else next();
  });
  app.useGlobalGuards({
    canActivate(execution: ExecutionContext) {
      const request = execution.switchToHttp().getRequest<Exchange>();
      const header = request.get('authorization');
      if (
        hooks.authorized?.(header, token, request.context.head) ??
        /^bearer +(.+)$/i.exec(header ?? '')?.[1] === token
      )
        return true;
      if (options.forbidden) throw refuse(403, 'token_expired', 'The token has expired.');
      throw refuse(401, 'access_denied', 'The request carries no valid token.');
    },
  });
  app.useGlobalInterceptors({
    intercept: (execution: ExecutionContext, next: CallHandler) => {
      const http = execution.switchToHttp();
      const check = (answer: Answer) => {
        const changed = hooks.answer?.(answer, http.getRequest<Exchange>().context) ?? answer;
        http.getResponse<Response>().status(changed.status).set(changed.headers);
        return changed.body;
      };
      return next.handle().pipe(map(check));
    },
  });
  if (!options.plainErrors)
    app.useGlobalFilters({
      catch(error: Error, host: ArgumentsHost) {
        const status = error instanceof nest.HttpException ? error.getStatus() : 500;
        const details = error instanceof nest.HttpException ? (error.getResponse() as { code?: string }) : {};
        const http = host.switchToHttp();
        const request = http.getRequest<Exchange>();
        const usual: Record<number, string> = { 404: 'request_not_implemented', 500: 'internal_server_error' };
        const code = details.code ?? codeOfUndecodable(request.originalUrl) ?? usual[status] ?? codes.sendCallTo;
        const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
        send(request, http.getResponse(), { status, body: { error: { code, message: error.message } }, headers });
      },
    });
  await app.listen(0, '127.0.0.1');
  (app.getHttpServer() as Server).on('clientError', answerUnreadable);
  return { url: await app.getUrl(), close: () => app.close() };
}

export const variants: Variants<Options> = {
  'parties-checked': { options: { partiesChecked: true }, why: sentences.parties },
  'one-transfer-only': { options: { oneTransferOnly: true }, why: sentences.transferFromInvalid, ends: 'incomplete' },
  firewall: { options: { firewall: true }, why: sentences.anyError },
  entry: { options: { entry: true }, why: sentences.entry },
  'unknown-extensions-refused': { options: { unknownExtensionsRefused: true }, why: sentences.terminal },
  'plus-refused': { options: { plusRefused: true }, why: sentences.numberGrammar },
  links: { options: { links: true }, why: sentences.links },
  'action-code': { options: { actionCode: 'pc_action_invalid' }, why: sentences.actionFree },
  'transfer-number-required': { options: { transferNumberRequired: true }, why: sentences.transferNumberMissing },
  forbidden: { options: { forbidden: true }, why: sentences.forbidden },
  accepted: { options: { success: 202 }, why: sentences.accepted },
};
