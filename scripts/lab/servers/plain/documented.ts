import { decodeSegment } from '../../../../conformance/contract/path-segment.ts';
import {
  parameters,
  type Address,
  type Answer,
  type Behaviour,
  type Exchange,
  type Reason,
  type Refusal,
} from './behaviour.ts';

const refusals: Record<Reason, Refusal> = {
  authorization: { status: 401, code: 'access_denied', message: 'The token is missing or not valid.' },
  userId: { status: 400, code: 'user_invalid', message: 'There is no such user.' },
  extension: { status: 400, code: 'extension_invalid', message: 'There is no such extension.' },
  phoneCallId: { status: 400, code: 'pc_phoncall_invalid', message: 'There is no such phone call.' },
  mediaType: { status: 415, code: 'unsupported_media_type', message: 'The body must be application/json.' },
  body: { status: 400, code: 'pc_sendcallto_invalid', message: 'The body is not a JSON object.' },
  action: { status: 501, code: 'request_not_implemented', message: 'The action must be Transfer.' },
  sendCallTo: { status: 400, code: 'pc_sendcallto_invalid', message: 'sendCallTo is missing or invalid.' },
  transferFromNumber: {
    status: 400,
    code: 'pc_transfer_from_number_invalid',
    message: 'transferFromNumber is missing or invalid.',
  },
  transferNumber: { status: 400, code: 'pc_transfer_number_invalid', message: 'transferNumber is invalid.' },
  operation: { status: 501, code: 'request_not_implemented', message: 'There is no such operation.' },
};

/** A live call, as the switchboard holds it. */
export interface Call {
  readonly id: string;
  readonly extension: string;
  readonly legId: string;
  readonly callerId: string;
  readonly published: string;
  readonly answered: string;
  source: readonly string[];
  destination: readonly string[];
}

/** The users, extensions and live calls of one installation. */
export interface Switchboard {
  readonly userIds: readonly string[];
  readonly extensions: readonly string[];
  readonly calls: readonly Call[];
  /** That of another User, which a request with a token of this one does not reach. */
  readonly foreign?: Switchboard;
}

/** The token of another User, and the call that this User has. */
export const otherToken = 'other-token';
export const foreignCall = { user: '13', extension: '0003*300', call: 'e5a06b7719c24d0f8e21' };

/** A switchboard as it is before the first transfer. */
export function newSwitchboard(): Switchboard {
  return {
    foreign: {
      userIds: [foreignCall.user],
      extensions: [foreignCall.extension],
      calls: [
        {
          id: foreignCall.call,
          extension: foreignCall.extension,
          legId: '04',
          callerId: 'Mary Major <0003*300>',
          published: '2012-06-27T16:14:00Z',
          answered: '2012-06-27T16:14:08Z',
          source: ['0003*300'],
          destination: ['4155550102'],
        },
      ],
    },
    userIds: ['12'],
    extensions: ['0003*210', '0003*211', '0003*024', '0003*100'],
    calls: [
      {
        id: 'b817d2618fe6f1804333',
        extension: '0003*210',
        legId: '01',
        callerId: 'John Doe <0003*210>',
        published: '2012-06-27T16:08:50+02:00',
        answered: '2012-06-27T16:08:55+03:00',
        source: ['0003*210'],
        destination: ['0003*024'],
      },
      {
        id: 'c4d90aa1b7e25f604418',
        extension: '0003*210',
        legId: '02',
        callerId: 'Jane Roe <4155550100>',
        published: '2012-06-27T16:10:12Z',
        answered: '2012-06-27T16:10:21Z',
        source: ['0003*210'],
        destination: ['4155550100'],
      },
      {
        id: '9f3e51d07ab8426c1177',
        extension: '0003*211',
        legId: '03',
        callerId: 'Richard Miles <4155550101>',
        published: '2012-06-27T16:12:00Z',
        answered: '2012-06-27T16:12:08Z',
        source: ['4155550101'],
        destination: ['0003*211'],
      },
    ],
  };
}

/** The server as the documentation describes it. */
export const documented: Behaviour = {
  order: parameters,
  refusals,
  accepts: {
    authorization: (value, { tokens }) => tokens.includes(bearerToken(value)),
    userId: (value, { switchboard }) =>
      ['@me', '@viewer', '@owner', ...switchboard.userIds].some((userId) => userId === value),
    extension: (value, { switchboard }) => ['@self', ...switchboard.extensions].some((number) => number === value),
    phoneCallId: (_value, { calls }) => calls !== undefined,
    mediaType: (value) => typeof value === 'string' && /^application\/json\s*(?:;|$)/i.test(value),
    body: (value) => value !== undefined,
    action: (value) => value === 'Transfer',
    sendCallTo: isPhoneNumber,
    transferFromNumber: isPhoneNumber,
    transferNumber: (value) => value === undefined || isPhoneNumber(value),
  },
  route,
  decode: (segment) => decodeSegment(segment) ?? segment,
  find,
  read,
  transfer,
  afterRefusal: () => {},
  showTransferred: (call, exchange) => ({ id: call.id, extension: call.extension, link: linkTo(call, exchange) }),
  showDetails,
  showRefusal: ({ code, message }) => ({ error: { code, message } }),
  finish: (answer) => answer,
  send,
};

function bearerToken(authorization: unknown): string {
  return /^Bearer ([^\s]+)$/i.exec(String(authorization))?.[1] ?? '';
}

/** Tells whether a value is the number of an extension or a public number. */
export function isPhoneNumber(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\+?[0-9]+|[0-9*]+)$/.test(value);
}

function route(path: string): Address | undefined {
  const [, userId, extension, phoneCallId] =
    /^\/+uapi\/phoneCalls\/([^/]+)\/([^/]+)(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  return userId === undefined || extension === undefined ? undefined : { userId, extension, phoneCallId };
}

function find({ extension, phoneCallId }: Address, switchboard: Switchboard): readonly Call[] | undefined {
  const calls = switchboard.calls.filter((call) => extension === '@self' || extension === call.extension);
  if (phoneCallId === undefined) return calls;
  const call = calls.find(({ id }) => id === phoneCallId);
  return call && [call];
}

function read(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function transfer({ calls = [], action }: Exchange): void {
  for (const call of calls) moveCall(call, action?.['sendCallTo'], action?.['transferFromNumber']);
}

/** Connects a call to another number in place of the party that transfers it. A value of another type moves nothing. */
export function moveCall(call: Call, sendCallTo: unknown, from?: unknown): void {
  if (typeof sendCallTo !== 'string' && typeof sendCallTo !== 'number') return;
  if (call.source.length === 1 && call.source[0] === from) call.source = [String(sendCallTo)];
  else call.destination = [String(sendCallTo)];
}

function linkTo(call: Call, { base, switchboard }: Exchange): { self: string } {
  return { self: `${base}/uapi/phoneCalls/${switchboard.userIds[0]}/${call.extension}/${call.id}` };
}

function showDetails(call: Call, exchange: Exchange): unknown {
  const { id, extension, published, answered, source, destination, callerId } = call;
  const flow = destination.some((number) => number.includes('*')) ? 2 : 4;
  const leg = { id: call.legId, extension, answered, status: '5', flow, callerId, source, destination };
  return {
    id,
    extension,
    ownerId: '3',
    ownerName: 'Default Organization',
    answered,
    published,
    phoneCallView: [leg],
    link: linkTo(call, exchange),
  };
}

function send({ status, headers, body }: Answer, { response }: Exchange): void {
  if (status === 204) response.writeHead(status, headers).end();
  else response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
