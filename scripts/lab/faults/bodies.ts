import type { Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import {
  accepting,
  answering,
  errorAnswer,
  matching,
  refusing,
  rejecting,
  succeeding,
} from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const actions: readonly (readonly [name: string, says: string, accepts: (value: unknown) => boolean])[] = [
  ['other-case', 'whose action is transfer in any case', matching(/^transfer$/i)],
  ['padded', 'whose action has blanks around it', matching(/^\s*Transfer\s*$/)],
  ['beginning', 'whose action begins with Transfer', matching(/^Transfer/)],
  ['on-hold', 'whose action is OnHold', (value) => value === 'OnHold'],
  ['any-text', 'whose action is any text', (value) => typeof value === 'string'],
];

const isForm = matching(/^application\/x-www-form-urlencoded/i);

const kinds: readonly (readonly [name: string, says: string, is: (text: string) => boolean])[] = [
  ['empty', 'that is empty', (text) => text === ''],
  ['malformed', 'that is not JSON', (text) => text !== '' && valueOf(text) === undefined],
  ['array', 'that is an array', (text) => Array.isArray(valueOf(text))],
  ['null', 'that is null', (text) => valueOf(text) === null],
  ['text', 'that is a JSON string', (text) => typeof valueOf(text) === 'string'],
  ['number', 'that is a number', (text) => typeof valueOf(text) === 'number'],
];

/** Servers that accept invalid bodies, refuse valid ones, or fail on them. */
export const bodies: readonly FaultyServer[] = [
  ...actions.map(([name, says, accepts]) =>
    fault(`action/accepts-${name}`, 'body/action', `A request is accepted ${says}.`, accepting('action', accepts)),
  ),
  ...kinds.map(([name, says, is]) =>
    fault(
      `body/${name}-answered-500`,
      'body/unreadable',
      `A body ${says} makes the server fail.`,
      refusing('body', (answer, { body }) => (is(String(body)) ? errorAnswer(500, 'internal_server_error') : answer)),
    ),
  ),
  fault('body/members-in-one-order', 'body/json-notation', 'The action has to be the first member of a body.', {
    read: (body) => {
      const action = documented.read(body);
      return action !== undefined && Object.hasOwn(action, 'action') && Object.keys(action)[0] !== 'action'
        ? undefined
        : action;
    },
  }),
  fault(
    'body/empty-repeats-the-last',
    'body/unreadable',
    'An empty body means the same as the last one that was read.',
    repeatingTheLast,
  ),
  fault('body/array-unwrapped', 'body/unreadable', 'An array is read as its first item.', {
    read: (body) =>
      documented.read(body) ?? documented.read(Buffer.from(JSON.stringify([valueOf(String(body))].flat()[0]) ?? '')),
  }),
  fault('body/form-encoded', 'body/media-type', 'A form is read as if it were JSON.', {
    ...accepting('mediaType', isForm),
    read: (body, mediaType) =>
      isForm(mediaType) ? Object.fromEntries(new URLSearchParams(String(body))) : documented.read(body),
  }),
  fault(
    'body/any-media-type',
    'body/media-type',
    'JSON is read whatever it is declared as.',
    accepting('mediaType', () => true),
  ),
  fault(
    'body/unknown-members-fail',
    'body/unknown-members',
    'A member that the documentation does not name makes the server fail.',
    {
      ...rejecting('sendCallTo', (_value, exchange) => hasUnknownMembers(exchange)),
      ...refusing('sendCallTo', (answer, exchange) =>
        hasUnknownMembers(exchange) ? errorAnswer(500, 'internal_server_error') : answer,
      ),
    },
  ),
  fault(
    'body/unknown-members-refused',
    'body/unknown-members',
    'A member that the documentation does not name is refused.',
    rejecting('sendCallTo', (_value, exchange) => hasUnknownMembers(exchange)),
  ),
  ...[
    ['generic-code', 400, 'validation_failed'] as const,
    ['joined-codes', 400, 'pc_sendcallto_invalid,pc_transfer_from_number_invalid'] as const,
    ['422', 422, 'pc_sendcallto_invalid'] as const,
    ['500', 500, 'internal_server_error'] as const,
  ].map(([name, status, code]) =>
    fault(
      `body/several-faults-${name}`,
      'body/several-faults',
      `A request with several invalid parameters is refused with ${status} and ${code}.`,
      answering('refused', (answer, exchange) => (faultsOf(exchange) > 1 ? errorAnswer(status, code) : answer)),
    ),
  ),
  fault(
    'body/several-faults-accepted',
    'body/several-faults',
    'A request with several invalid parameters is answered with a success, and moves nothing.',
    answering('refused', (answer, exchange) => {
      const call = exchange.switchboard.calls[0];
      return call && faultsOf(exchange) > 1 ? succeeding(call, exchange) : answer;
    }),
  ),
];

function repeatingTheLast(): Partial<Behaviour> {
  let last: Record<string, unknown> | undefined;
  return {
    read: (body) => {
      const action = documented.read(body);
      last = action ?? last;
      return body.length === 0 ? last : action;
    },
  };
}

function hasUnknownMembers({ action = {} }: Exchange): boolean {
  const known = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];
  return Object.keys(action).some((member) => !known.includes(member));
}

function faultsOf(exchange: Exchange): number {
  const { accepts } = documented;
  const { address, action } = exchange;
  if (!address || !action) return 0;
  const path = (['userId', 'extension', 'phoneCallId'] as const).map((name) => accepts[name](address[name], exchange));
  const members = (['sendCallTo', 'transferFromNumber', 'transferNumber'] as const).map((name) =>
    accepts[name](action[name], exchange),
  );
  return Number(path.includes(false)) + members.filter((good) => !good).length;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
