import type { Parameter } from '../servers/plain/behaviour.ts';
import { isPhoneNumber } from '../servers/plain/documented.ts';
import { accepting, errorAnswer, matching, refusing } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const members = [
  { member: 'sendCallTo', family: 'send-call-to', missing: 'body/send-call-to-missing' },
  { member: 'transferFromNumber', family: 'transfer-from', missing: 'body/transfer-from-missing' },
  { member: 'transferNumber', family: 'transfer-number', missing: undefined },
] as const;

type Accepted = readonly [name: string, says: string, accepts: (value: unknown) => boolean];

const acceptedKinds: readonly Accepted[] = [
  ['null', 'null', (value) => value === null],
  ['number', 'a JSON number', (value) => typeof value === 'number'],
  ['array-of-one', 'an array of one number', (value) => Array.isArray(value) && isPhoneNumber(value[0])],
];

const acceptedTexts: readonly Accepted[] = [
  ['any-text', 'any text that is not empty', (value) => typeof value === 'string' && value !== ''],
  ['start-only', 'a number with anything after it', matching(/^(?:\+?[0-9]+|[0-9*]+)/)],
  ['end-only', 'a number with anything before it', matching(/(?:\+?[0-9]+|[0-9*]+)$/)],
  ['anywhere', 'a text with a number anywhere in it', matching(/[0-9*]/)],
  ['final-newline', 'a number with a newline at its end', matching(/^(?:\+?[0-9]+|[0-9*]+)\n$/)],
  ['any-line', 'several lines of which one is a number', matching(/^(?:\+?[0-9]+|[0-9*]+)$/m)],
  ['other-digits', 'the digits of every script', matching(/^\p{Nd}+$/u)],
  [
    'blanks-around',
    'a number with blanks around it',
    (value) => typeof value === 'string' && isPhoneNumber(value.trim()),
  ],
  ['letters', 'letters', matching(/^[A-Za-z]+$/)],
];

const acceptedForSendCallTo: readonly Accepted[] = [
  ['blanks', 'a text of blanks', matching(/^\s+$/)],
  ['separators', 'blanks, hyphens, dots and brackets between digits', matching(/^\+?[0-9*][0-9* ().-]*$/)],
  ['plus-anywhere', 'a plus sign in the middle', matching(/^[0-9*+]+$/)],
  ['letters-among-digits', 'letters among digits', matching(/^[0-9A-Za-z*]+$/)],
  ['uri', 'a SIP or telephone URI', matching(/^(?:sip|tel):/)],
];

/** Servers that accept invalid numbers, or fail on them. */
export const numbers: readonly FaultyServer[] = [
  ...members.flatMap(({ member, family }) =>
    [...acceptedKinds, ...acceptedTexts].map((accepted) => faultOfAcceptance(member, family, accepted)),
  ),
  ...acceptedForSendCallTo.map((accepted) => faultOfAcceptance('sendCallTo', 'send-call-to', accepted)),
  ...members.flatMap(({ member, family, missing }) =>
    missing
      ? fault(
          `${family}/accepts-missing`,
          missing,
          `A request without ${member} is accepted.`,
          accepting(member, (value) => value === undefined),
        )
      : [],
  ),
  ...members.map(({ member, family }) =>
    fault(
      `${family}/fails-on-other-types`,
      `body/${family}-invalid`,
      `A ${member} of another type makes the server fail.`,
      refusing(member, (answer, { action }) =>
        ['undefined', 'string'].includes(typeof action?.[member]) ? answer : errorAnswer(500, 'internal_server_error'),
      ),
    ),
  ),
  ...members.map(({ member, family }) =>
    fault(
      `${family}/fails-on-null`,
      `body/${family}-invalid`,
      `A ${member} that is null makes the server fail.`,
      refusing(member, (answer, { action }) =>
        action?.[member] === null ? errorAnswer(500, 'internal_server_error') : answer,
      ),
    ),
  ),
];

function faultOfAcceptance(member: Parameter, family: string, [name, says, accepts]: Accepted): FaultyServer {
  return fault(
    `${family}/accepts-${name}`,
    `body/${family}-invalid`,
    `A ${member} is accepted that is ${says}.`,
    accepting(member, accepts),
  );
}
