import type { Behaviour, Parameter } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, errorAnswer, matching, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

type Accepted = readonly [name: string, says: string, accepts: (value: unknown) => boolean];

const acceptedForAll: readonly Accepted[] = [
  ['null', 'null', (value) => value === null],
  ['deep', 'a value within 32 arrays', (value) => JSON.stringify(value)?.startsWith('['.repeat(32)) === true],
  ['start-only', 'a number with anything after it', matching(/^(?:\+?[0-9]+|[0-9*]+)/)],
  ['end-only', 'a number with anything before it', matching(/(?:\+?[0-9]+|[0-9*]+)$/)],
  ['anywhere', 'a text with a number anywhere in it', matching(/[0-9*]/)],
  ['any-line', 'several lines of which one is a number', matching(/^(?:\+?[0-9]+|[0-9*]+)$/m)],
];

const acceptedForSendCallTo: readonly Accepted[] = [
  ...acceptedForAll,
  ['separators', 'blanks, hyphens, dots and brackets between digits', matching(/^\+?[0-9*][0-9* ().-]*$/)],
  ['cut-at-nul', 'a number up to its NUL', matching(/^[0-9*]+\0/)],
  ['plus-anywhere', 'a plus sign in the middle', matching(/^[0-9*+]+$/)],
  ['uri', 'a SIP or telephone URI', matching(/^(?:sip|tel):/)],
];

const isMissing = (value: unknown) => value === undefined;

/** Accepts invalid numbers, refuses valid ones, refuses them with another code, or fails on them. */
export const numbers: Faults = {
  'body/send-call-to-invalid': [
    ...acceptEach('sendCallTo', 'send-call-to', acceptedForSendCallTo),
    [
      'send-call-to/checked-once-for-each-length',
      'Any text is a number that is as long as one that the call was sent to before.',
      () => {
        const lengths = new Set<number>();
        return {
          ...accepting('sendCallTo', (value) => typeof value === 'string' && lengths.has(value.length)),
          transfer: (exchange) => {
            lengths.add(String(exchange.action?.['sendCallTo']).length);
            return documented.transfer(exchange);
          },
        };
      },
    ],
  ],
  'body/transfer-from-invalid': acceptEach('transferFromNumber', 'transfer-from', acceptedForAll),
  'body/transfer-number-invalid': acceptEach('transferNumber', 'transfer-number', acceptedForAll),
  'body/send-call-to-missing': [
    ['send-call-to/accepts-missing', 'A request without sendCallTo is accepted.', accepting('sendCallTo', isMissing)],
    [
      'send-call-to/missing-with-another-code',
      'A request without sendCallTo is refused with the code missing_parameter.',
      refusingMissing('sendCallTo', 400, 'missing_parameter'),
    ],
  ],
  'body/transfer-from-missing': [
    [
      'transfer-from/missing-with-another-code',
      'A request without transferFromNumber is refused with the code pc_transfer_number_invalid.',
      refusingMissing('transferFromNumber', 400, 'pc_transfer_number_invalid'),
    ],
  ],
  'body/send-call-to-international-number': [
    [
      'send-call-to/refuses-country-codes',
      'A call cannot be sent to a number that begins with a plus sign.',
      rejecting('sendCallTo', matching(/^\+/)),
    ],
  ],
  'body/transfer-from-either-party': [
    [
      'transfer-from/refuses-country-codes',
      'A number that begins with a plus sign cannot transfer the call that was sent to it.',
      rejecting('transferFromNumber', matching(/^\+/)),
    ],
    [
      'transfer-from/refuses-the-extension',
      'The extension that the call belongs to cannot be the party that transfers another one.',
      rejecting(
        'transferFromNumber',
        (value, { calls, action }) =>
          value === calls?.[0]?.extension && String(action?.['transferNumber'] ?? '').includes('*'),
      ),
    ],
  ],
  'body/transfer-number-left-out': [
    [
      'transfer-number/required-with-a-failure',
      'A request without transferNumber makes the server fail.',
      {
        ...rejecting('transferNumber', isMissing),
        ...refusingMissing('transferNumber', 500, 'internal_server_error'),
      },
    ],
  ],
  'body/transfer-number-optional': [
    [
      'transfer-number/required',
      'A request without transferNumber is refused with 400 and pc_transfer_number_invalid.',
      rejecting('transferNumber', isMissing),
    ],
  ],
};

function acceptEach(member: Parameter, family: string, accepted: readonly Accepted[]): FaultRow[] {
  return accepted.map(([name, says, accepts]) => {
    return [`${family}/accepts-${name}`, `A ${member} is accepted that is ${says}.`, accepting(member, accepts)];
  });
}

function refusingMissing(member: Parameter, status: number, code: string): Partial<Behaviour> {
  return refusing(member, (answer, { action }) =>
    action?.[member] === undefined ? errorAnswer(status, code) : answer,
  );
}
