/** Serves the transfer of one telephone call with NestJS on its Express platform, with its decorators applied by hand. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import * as nest from '@nestjs/common';
import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Equals, IsNotEmpty, IsString, Matches, ValidateIf } from 'class-validator';
import type { Request, Response } from 'express';
import { answerUnreadable, codeOfUndecodable, codes, numberNames } from '../shared.ts';
import type { Options, Running, Transfer } from '../shared.ts';

const refuse = (status: number, code: string, message: string) => new nest.HttpException({ code, message }, status);

/** Keeps the call. Each start has another service. */
class PhoneCallsService {
  id = 'b817d2618fe6f1804333';
  userId = '12';
  extension = '0003*210';
  source = '0003*210';
  destination = '0003*024';
  transfers = 0;

  transfer(transfer: Transfer) {
    if (this.sourceLeaves(transfer)) this.source = transfer.sendCallTo;
    else this.destination = transfer.sendCallTo;
    this.transfers += 1;
  }
  private sourceLeaves({ transferFromNumber, transferNumber }: Transfer): boolean {
    if (transferFromNumber === this.source) return true;
    if (transferFromNumber === this.destination) return false;
    if (transferNumber === this.destination) return true;
    return transferNumber !== this.source && this.destination === this.extension;
  }
}

class TransferDto {
  declare action: string;
  declare sendCallTo: string;
  declare transferFromNumber: string;
  declare transferNumber?: string;
}

/** Makes the pipe that validates bodies; decorators are functions, so they can be called. */
function makePipe(options: Options) {
  class Dto extends TransferDto {}
  const pattern = options.plusRefused ? /^[0-9*]+$/ : /^(\+?[0-9]+|[0-9*]+)$/;
  Equals('Transfer')(Dto.prototype, 'action');
  for (const name of numberNames)
    for (const rule of [IsString(), IsNotEmpty(), Matches(pattern)]) rule(Dto.prototype, name);
  ValidateIf((dto: TransferDto) => dto.transferNumber !== undefined)(Dto.prototype, 'transferNumber');
  return new nest.ValidationPipe({
    expectedType: Dto,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      if (options.plainErrors)
        return new nest.BadRequestException(errors.flatMap((e) => Object.values(e.constraints ?? {})));
      const { property } = errors.find((error) => error.property !== 'action') ?? errors[0];
      if (property !== 'action') return refuse(400, codes[property], `${property} is invalid.`);
      return refuse(501, 'request_not_implemented', 'The action must be Transfer.');
    },
  });
}

const bodyPipe = {
  transform(body: unknown) {
    if (body === null || typeof body !== 'object' || Array.isArray(body))
      throw refuse(400, codes.sendCallTo, 'The body is no JSON object.');
    return body;
  },
};

/** Makes the controller for one service and its options. */
function makeController(service: PhoneCallsService, options: Options) {
  class PhoneCallsController {
    /** Refuses a path that does not name the call. */
    private find(request: Request) {
      const known: Record<string, string[]> = {
        userId: [service.userId, '@me', '@viewer', '@owner'],
        extension: [service.extension, '@self'],
        phoneCallId: [service.id],
      };
      for (const [name, values] of Object.entries(known)) {
        const given = request.params[name] as string | undefined;
        if (given !== undefined && !values.includes(given)) throw refuse(400, codes[name], `${name} is invalid.`);
      }
    }
    private show(request: Request) {
      const path = `/uapi/phoneCalls/${service.userId}/${service.extension}/${service.id}`;
      const self = `${request.protocol}://${request.get('host')}${path}`;
      return { id: service.id, extension: service.extension, link: { self } };
    }

    transfer(request: Request, transfer: TransferDto) {
      this.find(request);
      const parties = [service.source, service.destination];
      if (options.oneTransferOnly && service.transfers > 0)
        throw refuse(400, codes.transferFromNumber, 'The party has transferred the phone call before.');
      for (const name of ['transferFromNumber', 'transferNumber'] as const)
        if (options.partiesChecked && transfer[name] !== undefined && !parties.includes(transfer[name]))
          throw refuse(400, codes[name], `${name} is no party of the call.`);
      const isKnown =
        !transfer.sendCallTo.includes('*') || [service.extension, '0003*024', '0003*100'].includes(transfer.sendCallTo);
      if (options.unknownExtensionsRefused && !isKnown)
        throw refuse(400, codes.sendCallTo, 'sendCallTo is no existing extension.');
      service.transfer(transfer);
      return this.show(request);
    }
    read(request: Request) {
      this.find(request);
      const numbers = { source: [service.source], destination: [service.destination] };
      const flow = numbers.destination[0].includes('*') ? 2 : 4;
      const view = { id: '01', extension: service.extension, status: 5, flow, ...numbers };
      const owner = { ownerId: '3', ownerName: 'Default Organization', published: '2012-06-27T16:08:50+02:00' };
      const body = { ...this.show(request), ...owner, phoneCallView: [view] };
      return options.entry || request.params.phoneCallId === undefined ? { entry: [body] } : body;
    }
    other(): never {
      throw refuse(501, 'request_not_implemented', 'There is no such operation.');
    }
  }
  const paths = ['/:userId/:extension/:phoneCallId', '/:userId/:extension'];
  const decorate = (name: 'transfer' | 'read' | 'other', ...decorators: MethodDecorator[]) => {
    const descriptor = Object.getOwnPropertyDescriptor(PhoneCallsController.prototype, name)!;
    for (const decorator of decorators) decorator(PhoneCallsController.prototype, name, descriptor);
    if (name !== 'other') nest.Req()(PhoneCallsController.prototype, name, 0);
  };
  decorate('transfer', nest.Put(paths), nest.HttpCode(200));
  decorate('read', nest.Get(paths));
  decorate('other', nest.All(paths));
  nest.Body(bodyPipe, makePipe(options))(PhoneCallsController.prototype, 'transfer', 1);
  nest.Controller('uapi/phoneCalls')(PhoneCallsController);
  return PhoneCallsController;
}

/** Starts the server on a free port of the loopback interface. */
export async function start(options: Options): Promise<Running> {
  class AppModule {}
  nest.Module({ controllers: [makeController(new PhoneCallsService(), options)] })(AppModule);
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    logger: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by').disable('etag');
  app.use((request: Request, _response: Response, next: (error?: unknown) => void) => {
    if (options.firewall && /%[01][0-9a-f]|%7f/i.test(request.path)) next(refuse(400, 'firewall_blocked', 'Blocked.'));
    else if (options.firewall && !request.get('user-agent')) next(refuse(403, 'firewall_blocked', 'Blocked.'));
    else next();
  });
  app.useGlobalGuards({
    canActivate(execution: ExecutionContext) {
      const header = execution.switchToHttp().getRequest<Request>().get('authorization') ?? '';
      if (/^bearer +(.+)$/i.exec(header)?.[1] === options.token) return true;
      throw refuse(401, 'access_denied', 'The request carries no valid token.');
    },
  });
  if (!options.plainErrors)
    app.useGlobalFilters({
      catch(error: Error, host: ArgumentsHost) {
        const http = host.switchToHttp();
        const response = http.getResponse<Response>();
        const status = error instanceof nest.HttpException ? error.getStatus() : 500;
        const details = error instanceof nest.HttpException ? (error.getResponse() as { code?: string }) : {};
        const usual: Record<number, string> = { 404: 'request_not_implemented', 500: 'internal_server_error' };
        const undecodable = codeOfUndecodable(http.getRequest<Request>().originalUrl);
        if (status === 401) response.set('WWW-Authenticate', 'Bearer');
        const code = details.code ?? undecodable ?? usual[status] ?? codes.sendCallTo;
        response.status(status).json({ error: { code, message: error.message } });
      },
    });
  await app.listen(0, '127.0.0.1');
  (app.getHttpServer() as Server).on('clientError', answerUnreadable);
  return { url: await app.getUrl(), close: () => app.close() };
}
