import type { Exchange, Parameter } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const combinations: readonly (readonly [name: string, says: string, parts: readonly Parameter[]])[] = [
  ['both-numbers', 'sendCallTo and transferFromNumber', ['sendCallTo', 'transferFromNumber']],
  ['all-numbers', 'all its numbers', ['sendCallTo', 'transferFromNumber', 'transferNumber']],
  ['transfer-numbers', 'transferFromNumber and transferNumber', ['transferFromNumber', 'transferNumber']],
  ['call-and-number', 'phoneCallId and sendCallTo', ['phoneCallId', 'sendCallTo']],
  ['user-and-extension', 'userId and extension', ['userId', 'extension']],
  [
    'everything',
    'the whole path and all its numbers',
    ['userId', 'extension', 'phoneCallId', 'sendCallTo', 'transferFromNumber', 'transferNumber'],
  ],
];

const judged: readonly Parameter[] = [
  'userId',
  'extension',
  'phoneCallId',
  'action',
  'sendCallTo',
  'transferFromNumber',
  'transferNumber',
];

/** Servers that refuse one combination of faults with a code of none of them. */
export const severalFaults: readonly FaultyServer[] = [
  ...combinations.map(([name, says, parts]) =>
    fault(
      `several-faults/${name}`,
      'body/several-faults',
      `A request in which ${says} are invalid, and nothing else, is refused with 400 and validation_failed.`,
      answering('refused', (answer, exchange) =>
        invalidPartsOf(exchange).join() === parts.join() ? errorAnswer(400, 'validation_failed') : answer,
      ),
    ),
  ),
  fault(
    'several-faults/empty-object-fails',
    'body/several-faults',
    'A body without any member makes the server fail.',
    answering('refused', (answer, { action }) =>
      action && Object.keys(action).length === 0 ? errorAnswer(500, 'internal_server_error') : answer,
    ),
  ),
];

function invalidPartsOf(exchange: Exchange): Parameter[] {
  return judged.filter((part) => !isValid(part, exchange));
}

function isValid(part: Parameter, exchange: Exchange): boolean {
  const { address, action, switchboard } = exchange;
  // An invalid extension does not make the call invalid.
  if (part === 'phoneCallId') return switchboard.calls.some(({ id }) => id === address?.phoneCallId);
  const value = part === 'userId' || part === 'extension' ? address?.[part] : action?.[part];
  return documented.accepts[part](value, exchange);
}
