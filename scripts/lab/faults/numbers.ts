import type { Behaviour, Parameter } from '../servers/plain/behaviour.ts';
import { accepting, errorAnswer, matching, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

const members = [
  { member: 'sendCallTo', family: 'send-call-to' },
  { member: 'transferFromNumber', family: 'transfer-from' },
  { member: 'transferNumber', family: 'transfer-number' },
] as const;

type Accepted = readonly [name: string, says: string, accepts: (value: unknown) => boolean];

const acceptedForAll: readonly Accepted[] = [
  ['null', 'null', (value) => value === null],
  ['start-only', 'a number with anything after it', matching(/^(?:\+?[0-9]+|[0-9*]+)/)],
  ['end-only', 'a number with anything before it', matching(/(?:\+?[0-9]+|[0-9*]+)$/)],
  ['anywhere', 'a text with a number anywhere in it', matching(/[0-9*]/)],
  ['any-line', 'several lines of which one is a number', matching(/^(?:\+?[0-9]+|[0-9*]+)$/m)],
];

const acceptedForSendCallTo: readonly Accepted[] = [
  ['separators', 'blanks, hyphens, dots and brackets between digits', matching(/^\+?[0-9*][0-9* ().-]*$/)],
  ['plus-anywhere', 'a plus sign in the middle', matching(/^[0-9*+]+$/)],
  ['uri', 'a SIP or telephone URI', matching(/^(?:sip|tel):/)],
];

const isMissing = (value: unknown) => value === undefined;

/** Accepts invalid numbers, refuses valid ones, refuses them with another code, or fails on them. */
export const numbers: readonly FaultRow[] = [
  ...members.flatMap(({ member, family }) => acceptedForAll.map((accepted) => acceptRow(member, family, accepted))),
  ...acceptedForSendCallTo.map((accepted) => acceptRow('sendCallTo', 'send-call-to', accepted)),
  ...members
    .slice(0, 2)
    .map(({ member, family }): FaultRow => [
      `${family}/accepts-missing`,
      `body/${family}-missing`,
      `A request without ${member} is accepted.`,
      accepting(member, isMissing),
    ]),
  [
    'send-call-to/missing-with-another-code',
    'body/send-call-to-missing',
    'A request without sendCallTo is refused with the code missing_parameter.',
    refusingAs('sendCallTo', 400, 'missing_parameter', isMissing),
  ],
  [
    'transfer-from/missing-with-another-code',
    'body/transfer-from-missing',
    'A request without transferFromNumber is refused with the code pc_transfer_number_invalid.',
    refusingAs('transferFromNumber', 400, 'pc_transfer_number_invalid', isMissing),
  ],
  [
    'send-call-to/refuses-country-codes',
    'body/send-call-to-international-number',
    'A call cannot be sent to a number that begins with a plus sign.',
    rejecting('sendCallTo', matching(/^\+/)),
  ],
  [
    'transfer-from/refuses-the-extension',
    'body/transfer-from-either-party',
    'The extension that the call belongs to cannot be the party that transfers another one.',
    rejecting(
      'transferFromNumber',
      (value, { calls, action }) =>
        value === calls?.[0]?.extension && String(action?.['transferNumber'] ?? '').includes('*'),
    ),
  ],
  [
    'transfer-number/refuses-the-other-party',
    'body/transfer-from-either-party',
    'Only the extension that the call belongs to can be the party that is transferred.',
    rejecting('transferNumber', (value, { calls }) => value !== undefined && value !== calls?.[0]?.extension),
  ],
  [
    'transfer-number/required-with-a-failure',
    'body/transfer-number-left-out',
    'A request without transferNumber makes the server fail.',
    {
      ...rejecting('transferNumber', isMissing),
      ...refusingAs('transferNumber', 500, 'internal_server_error', isMissing),
    },
  ],
  [
    'transfer-number/required',
    'body/transfer-number-optional',
    'A request without transferNumber is refused with 400 and pc_transfer_number_invalid.',
    rejecting('transferNumber', isMissing),
  ],
];

function acceptRow(member: Parameter, family: string, [name, says, accepts]: Accepted): FaultRow {
  const sentence = `A ${member} is accepted that is ${says}.`;
  return [`${family}/accepts-${name}`, `body/${family}-invalid`, sentence, accepting(member, accepts)];
}

function refusingAs(
  member: Parameter,
  status: number,
  code: string,
  where: (value: unknown) => boolean,
): Partial<Behaviour> {
  return refusing(member, (answer, { action }) => (where(action?.[member]) ? errorAnswer(status, code) : answer));
}
