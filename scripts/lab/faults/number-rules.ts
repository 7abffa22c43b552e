import { errorAnswer, matching, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

/** Servers that refuse valid numbers, or refuse invalid ones with another code. */
export const numberRules: readonly FaultyServer[] = [
  fault(
    'send-call-to/missing-with-another-code',
    'body/send-call-to-missing',
    'A request without sendCallTo is refused with the code missing_parameter.',
    refusing('sendCallTo', (answer, { action }) =>
      action?.['sendCallTo'] === undefined ? errorAnswer(400, 'missing_parameter') : answer,
    ),
  ),
  fault(
    'transfer-from/missing-with-another-code',
    'body/transfer-from-missing',
    'A request without transferFromNumber is refused with the code pc_transfer_number_invalid.',
    refusing('transferFromNumber', (answer, { action }) =>
      action?.['transferFromNumber'] === undefined ? errorAnswer(400, 'pc_transfer_number_invalid') : answer,
    ),
  ),
  fault(
    'send-call-to/refuses-public-numbers',
    'body/send-call-to-public-number',
    'A call cannot be sent to a public number, as the text of the error has it.',
    rejecting('sendCallTo', matching(/^\+?[0-9]+$/)),
  ),
  fault(
    'send-call-to/refuses-extensions',
    'body/send-call-to-extension',
    'A call cannot be sent to an extension.',
    rejecting('sendCallTo', matching(/\*/)),
  ),
  fault(
    'send-call-to/refuses-country-codes',
    'body/send-call-to-international-number',
    'A call cannot be sent to a number that begins with a plus sign.',
    rejecting('sendCallTo', matching(/^\+/)),
  ),
  fault(
    'transfer-from/refuses-the-extension',
    'body/transfer-from-either-party',
    'The extension that the call belongs to cannot be the party that transfers it.',
    rejecting('transferFromNumber', (value, { calls }) => value === calls?.[0]?.extension),
  ),
  fault(
    'transfer-number/refuses-the-other-party',
    'body/transfer-from-either-party',
    'Only the extension that the call belongs to can be the party that is transferred.',
    rejecting('transferNumber', (value, { calls }) => value !== undefined && value !== calls?.[0]?.extension),
  ),
  ...[
    ['another-code', 400, 'pc_transfer_from_number_invalid'] as const,
    ['another-status', 422, 'pc_transfer_number_invalid'] as const,
    ['a-failure', 500, 'internal_server_error'] as const,
  ].map(([name, status, code]) =>
    fault(
      `transfer-number/required-with-${name}`,
      'body/transfer-number-left-out',
      `A request without transferNumber is refused with ${status} and ${code}.`,
      {
        ...rejecting('transferNumber', (value) => value === undefined),
        ...refusing('transferNumber', (answer, { action }) =>
          action?.['transferNumber'] === undefined ? errorAnswer(status, code) : answer,
        ),
      },
    ),
  ),
  fault(
    'transfer-number/required',
    'body/transfer-number-optional',
    'A request without transferNumber is refused with 400 and pc_transfer_number_invalid.',
    rejecting('transferNumber', (value) => value === undefined),
  ),
  fault(
    'transfer-number/refused-as-the-transferring-number',
    'body/transfer-number-invalid',
    'A transferNumber of another type is refused with pc_transfer_from_number_invalid.',
    refusing('transferNumber', (answer, { action }) =>
      typeof action?.['transferNumber'] === 'string' ? answer : errorAnswer(400, 'pc_transfer_from_number_invalid'),
    ),
  ),
  fault(
    'send-call-to/empty-refused-generically',
    'body/send-call-to-invalid',
    'An empty sendCallTo is refused with another code than an invalid one.',
    refusing('sendCallTo', (answer, { action }) =>
      action?.['sendCallTo'] === '' ? errorAnswer(400, 'value_required') : answer,
    ),
  ),
];
