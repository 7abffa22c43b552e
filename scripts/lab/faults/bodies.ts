import { parseIfJson } from '../../../conformance/contract/json.ts';
import type { Behaviour, Exchange, Parameter } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, answering, errorAnswer, matching, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

const actions: readonly (readonly [name: string, says: string, accepts: (value: unknown) => boolean])[] = [
  ['other-case', 'whose action is transfer in any case', matching(/^transfer$/i)],
  ['beginning', 'whose action begins with Transfer', matching(/^Transfer/)],
];

const isForm = matching(/^application\/x-www-form-urlencoded/i);

const kinds: readonly (readonly [name: string, says: string, is: (text: string) => boolean])[] = [
  ['empty', 'that is empty', (text) => text === ''],
  ['array', 'that is an array', (text) => Array.isArray(parseIfJson(text))],
  ['null', 'that is null', (text) => parseIfJson(text) === null],
];

const numbers = ['sendCallTo', 'transferFromNumber', 'transferNumber'] as const;

const combinations: readonly (readonly [name: string, says: string, parts: readonly Parameter[]])[] = [
  ['both-numbers', 'sendCallTo and transferFromNumber', ['sendCallTo', 'transferFromNumber']],
  ['all-numbers', 'all its numbers', numbers],
  ['transfer-numbers', 'transferFromNumber and transferNumber', ['transferFromNumber', 'transferNumber']],
  ['call-and-number', 'phoneCallId and sendCallTo', ['phoneCallId', 'sendCallTo']],
  ['user-and-extension', 'userId and extension', ['userId', 'extension']],
  ['everything', 'the whole path and all its numbers', ['userId', 'extension', 'phoneCallId', ...numbers]],
];

/** The members whose names some frameworks read in any case, and the requirements that such a server breaks. */
const named: readonly (readonly [member: Parameter, requirement: string])[] = [
  ['action', 'body/action'],
  ['sendCallTo', 'body/send-call-to-missing'],
  ['transferFromNumber', 'body/transfer-from-missing'],
];

/** Tells whether a body has a member whose name differs in its case only. */
const isMisspelt = (member: string, { action = {} }: Exchange) =>
  Object.keys(action).some((name) => name !== member && name.toLowerCase() === member.toLowerCase());

const fails = errorAnswer(500, 'internal_server_error');

/** Accepts invalid bodies, refuses valid ones, fails on them, or mistakes those with several faults. */
export const bodies: readonly FaultRow[] = [
  ...actions.map(([name, says, accepts]): FaultRow => [
    `action/accepts-${name}`,
    'body/action',
    `A request is accepted ${says}.`,
    accepting('action', accepts),
  ]),
  ...named.map(([member, requirement]): FaultRow => [
    `${member}/named-in-any-case`,
    requirement,
    `A request is accepted whose ${member} has its name in another case.`,
    accepting(member, (value, exchange) => value === undefined && isMisspelt(member, exchange)),
  ]),
  ...kinds.map(([name, says, is]): FaultRow => [
    `body/${name}-answered-500`,
    'body/unreadable',
    `A body ${says} makes the server fail.`,
    refusing('body', (answer, { body }) => (is(String(body)) ? fails : answer)),
  ]),
  [
    'body/members-in-one-order',
    'body/json-notation',
    'The action has to be the first member of a body.',
    {
      read: (body) => {
        const action = documented.read(body);
        return Object.keys(action ?? {}).indexOf('action') > 0 ? undefined : action;
      },
    },
  ],
  [
    'body/empty-repeats-the-last',
    'body/unreadable',
    'An empty body means the same as the last one that was read.',
    repeatingTheLast,
  ],
  [
    'body/array-unwrapped',
    'body/unreadable',
    'An array is read as its first item.',
    { read: (body) => documented.read(Buffer.from(JSON.stringify([parseIfJson(String(body))].flat()[0]) ?? '')) },
  ],
  [
    'body/form-encoded',
    'body/media-type',
    'A form is read as if it were JSON.',
    {
      ...accepting('mediaType', isForm),
      read: (body, mediaType) =>
        isForm(mediaType) ? Object.fromEntries(new URLSearchParams(String(body))) : documented.read(body),
    },
  ],
  [
    'body/unknown-members-refused',
    'body/unknown-members',
    'A member that the documentation does not name is refused.',
    rejecting('sendCallTo', (_value, exchange) => hasUnknownMembers(exchange)),
  ],
  ...combinations.map(([name, says, parts]): FaultRow => [
    `several-faults/${name}`,
    'body/several-faults',
    `A request in which ${says} are invalid, and nothing else, is refused with 400 and validation_failed.`,
    answering('refused', (answer, exchange) =>
      listFaults(exchange).join() === parts.join() ? errorAnswer(400, 'validation_failed') : answer,
    ),
  ]),
  [
    'several-faults/empty-object-fails',
    'body/several-faults',
    'A body without any member makes the server fail.',
    answering('refused', (answer, { action }) => (action && Object.keys(action).length === 0 ? fails : answer)),
  ],
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
  return Object.keys(action).some((member) => !['action', ...numbers].includes(member));
}

function listFaults(exchange: Exchange): Parameter[] {
  const judged = ['userId', 'extension', 'phoneCallId', 'action', ...numbers] as const;
  return judged.filter((part) => !isValid(part, exchange));
}

function isValid(part: Parameter, exchange: Exchange): boolean {
  const { address, action, switchboard } = exchange;
  // An invalid extension does not make the call invalid.
  if (part === 'phoneCallId') return switchboard.calls.some(({ id }) => id === address?.phoneCallId);
  const value = part === 'userId' || part === 'extension' ? address?.[part] : action?.[part];
  return documented.accepts[part](value, exchange);
}
