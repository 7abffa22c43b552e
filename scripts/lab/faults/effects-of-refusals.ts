import type { Behaviour, Reason } from '../servers/plain/behaviour.ts';
import { isPhoneNumber, moveCall } from '../servers/plain/documented.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const fixtureNumbers = ['3235742879', '3334444'];

const movedAlthoughRefused: readonly (readonly [reason: Reason, says: string])[] = [
  ['userId', 'An invalid userId'],
  ['extension', 'An invalid extension'],
  ['body', 'An unreadable body'],
  ['action', 'Another action'],
  ['sendCallTo', 'An invalid sendCallTo'],
  ['transferFromNumber', 'An invalid transferFromNumber'],
  ['transferNumber', 'An invalid transferNumber'],
];

const movedLater: readonly Reason[] = ['sendCallTo', 'transferFromNumber', 'action'];

/** Servers that move a call although they refuse the request. */
export const effectsOfRefusals: readonly FaultyServer[] = [
  ...movedAlthoughRefused.map(([reason, says]) =>
    fault(
      `effects/moved-although-refused-${reason}`,
      'effects/refusal-moves-nothing',
      `${says} is refused, but the call moves.`,
      movingAfter(reason, 0),
    ),
  ),
  ...movedLater.map((reason) =>
    fault(
      `effects/moved-later-although-refused-${reason}`,
      'effects/refusal-moves-nothing',
      `An invalid ${reason} is refused, but 300 ms later the call moves.`,
      movingAfter(reason, 300),
    ),
  ),
  fault(
    'effects/refusal-ends-at-no-number',
    'effects/refusal-moves-nothing',
    'A refusal leaves the call without a destination.',
    {
      afterRefusal: (reason, { calls }) => {
        if (reason === 'sendCallTo' && calls?.[0]) calls[0].destination = [];
      },
    },
  ),
];

function movingAfter(reason: Reason, milliseconds: number): Partial<Behaviour> {
  return {
    afterRefusal: (refusedFor, { request, switchboard, action }) => {
      const call = switchboard.calls.find(({ id }) => request.url?.includes(id));
      if (refusedFor !== reason || request.method !== 'PUT' || !call) return;
      const elsewhere = fixtureNumbers.find((number) => !call.destination.includes(number));
      const sendCallTo = isPhoneNumber(action?.['sendCallTo']) ? action?.['sendCallTo'] : elsewhere;
      if (milliseconds === 0) moveCall(call, sendCallTo);
      else setTimeout(() => moveCall(call, sendCallTo), milliseconds).unref();
    },
  };
}
