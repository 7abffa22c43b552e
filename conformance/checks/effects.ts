import type { Operation } from '../contract/contract.ts';
import type { Refusal } from '../contract/refusal.ts';
import { describeParties, samePlace, shows, wasRead } from '../call/readings.ts';
import { addressOf } from '../target/address.ts';
import type { CallReading, OtherReadings, Readings, SentRequest } from '../target/exchange.ts';
import type { Check, Violation } from './check.ts';
import { isRefusedWith } from './refusal.ts';
import { isSuccess } from './success.ts';

/** Demands that after a success the call shows the number that it was sent to. */
export const showsTheNumber: Check = {
  name: 'moves the call',
  requirement: 'effects/call-moves',
  looksAt: 'calls',
  // A call that shows the number already cannot be seen to move there.
  applies: ({ readings }) =>
    readings !== undefined &&
    wasRead(readings.before) &&
    // A call that has ended, or left the extension, cannot be seen to move.
    wasRead(readings.after) &&
    readings.sentTo.length > 0 &&
    !readings.sentTo.some((number) => shows(readings.before, number)),
  run: ({ readings }) => {
    if (readings === undefined || readings.sentTo.some((number) => shows(readings.after, number))) return [];
    const expected = `${readings.sentTo.join(' or ')} on the call, within the time limit for effects`;
    return [{ at: 'call', expected, actual: describeReading(readings.after) }];
  },
};

/** Demands that after a refusal the call is where it was. */
export const leavesTheCall: Check = {
  name: 'leaves the call where it was',
  requirement: 'effects/refusal-moves-nothing',
  looksAt: 'calls',
  applies: ({ readings }) => readings?.sentTo.length === 0 && isSeen(readings),
  run: ({ readings }) => stays(readings?.before, readings?.after, 'call'),
};

/** Demands that a transfer leaves the other calls where they were. */
export const leavesOtherCalls: Check = {
  name: 'leaves other calls where they were',
  requirement: 'effects/other-call-stays',
  looksAt: 'calls',
  applies: ({ readings }) => unaddressed(readings).length > 0,
  run: ({ readings }) => unaddressed(readings).flatMap(staysOther),
};

/** Demands that a transfer without phoneCallId moves every call of the extension. */
export const movesAllCalls: Check = {
  name: 'moves every call of the extension',
  requirement: 'bulk/all-calls-move',
  looksAt: 'calls',
  applies: ({ readings }) => wasRead(readings?.before) && (readings?.sentTo.length ?? 0) > 0,
  run: ({ request, readings }) =>
    addressed(request, readings)
      .filter(({ after, sentTo }) => !sentTo.some((number) => shows(after, number)))
      .map(({ call, after, sentTo }) => {
        return { at: `call ${call}`, expected: `${sentTo.join(' or ')} on the call`, actual: describeReading(after) };
      }),
};

/** Demands that a transfer without phoneCallId leaves the calls of other extensions. */
export const leavesOtherExtensions: Check = {
  name: 'leaves the calls of other extensions where they were',
  requirement: 'bulk/other-extension-stays',
  looksAt: 'calls',
  applies: ({ readings }) => unaddressed(readings).length > 0,
  run: ({ readings }) => unaddressed(readings).flatMap(staysOther),
};

const atOnce = 'effects/transfers-at-once';

/** Demands that each of several simultaneous transfers is answered with a success, or with one of some refusals. */
export function isAcceptedAtOnce(operation: Operation, refusals: readonly Refusal[] = []): Check {
  const success = isSuccess(atOnce, operation);
  const refused = refusals.length === 0 ? undefined : isRefusedWith(atOnce, refusals);
  return {
    name: refused === undefined ? success.name : `${success.name}, or ${refused.name}`,
    requirement: atOnce,
    run: (exchange) => {
      if (exchange.failure !== undefined) {
        return [{ at: 'message', expected: 'an answer to each transfer', actual: exchange.failure.message }];
      }
      return refused?.run(exchange).length === 0 ? [] : success.run(exchange);
    },
  };
}

/** Demands that a call which several transfers sent elsewhere ends at one of their numbers. */
export const showsOneOfTheNumbers: Check = {
  name: 'moves the call to one of the numbers',
  requirement: atOnce,
  looksAt: 'calls',
  applies: ({ readings }) => wasRead(readings?.before) && wasRead(readings?.after) && readings?.sentTo.length !== 0,
  run: ({ readings }) => {
    if (readings === undefined || readings.sentTo.some((number) => shows(readings.after, number))) return [];
    const expected = `${[...new Set(readings.sentTo)].join(' or ')} on the call`;
    return [{ at: 'call', expected, actual: describeReading(readings.after) }];
  },
};

/** Lists the calls that an accepted transfer of all calls moves, that of the fixture included. */
function addressed(request: SentRequest, readings: Readings | undefined): OtherReadings[] {
  if (readings === undefined) return [];
  const own = { extension: addressOf(request).extension, call: 'of the fixture', ...readings };
  return [own, ...readings.others].filter(({ before, sentTo }) => wasRead(before) && sentTo.length > 0);
}

function unaddressed(readings: Readings | undefined): OtherReadings[] {
  return (readings?.others ?? []).filter((other) => other.sentTo.length === 0 && isSeen(other));
}

/** Returns true if a call was read, and then shown or said to be gone. A reading that failed shows nothing. */
function isSeen({ before, after }: Pick<Readings, 'before' | 'after'>): boolean {
  return wasRead(before) && (wasRead(after) || after.outcome === 'unknown');
}

function staysOther({ call, before, after }: OtherReadings): Violation[] {
  return stays(before, after, `call ${call}`);
}

function stays(before: CallReading | undefined, after: CallReading | undefined, at: string): Violation[] {
  if (before === undefined || after === undefined || samePlace(before, after)) return [];
  return [{ at, expected: `still ${describeReading(before)}`, actual: describeReading(after) }];
}

function describeReading(reading: CallReading): string {
  return wasRead(reading) ? `a call from ${describeParties(reading)}` : reading.description;
}
