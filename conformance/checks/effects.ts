import type { Operation } from '../contract/contract.ts';
import { isObject } from '../contract/json.ts';
import { formatRefusal, type Refusal } from '../contract/refusal.ts';
import { callsIn } from '../call/fixture.ts';
import {
  describeParties,
  isAcceptedTransfer,
  listParties,
  parseReading,
  readBody,
  readNumber,
  samePlace,
  shows,
  wasRead,
} from '../call/readings.ts';
import { addressOf } from '../target/address.ts';
import type { CallReading, Exchange, OtherReadings, Readings, SentRequest } from '../target/exchange.ts';
import { formatValue, type Check, type Violation } from './check.ts';
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
    !readings.sentTo.some((number) => shows(readings.before, number)) &&
    !mayHide(readings),
  run: ({ readings }) => {
    if (readings === undefined || readings.sentTo.some((number) => shows(readings.after, number))) return [];
    const expected = `${readings.sentTo.join(' or ')} on the call, within the time limit for effects`;
    return [{ at: 'call', expected, actual: describeReading(readings.after) }];
  },
};

/** Demands, for a requirement, of a reading after a transfer that it shows the number that the call was sent to. */
export function showsTheTransfer(requirement: string, name: string, isMeant: (exchange: Exchange) => boolean): Check {
  return {
    name,
    requirement,
    looksAt: 'calls',
    applies: (exchange) =>
      exchange.request.method === 'GET' &&
      exchange.response !== undefined &&
      isMeant(exchange) &&
      // If the transfer cannot be seen where it was waited for, another check says so.
      wasRead(exchange.readings?.after) &&
      sentTo(exchange).some((number) => shows(exchange.readings?.after ?? nowhere, number)),
    run: (exchange) => {
      const reading = parseReading(exchange, addressOf(exchange.request).call ?? '', []);
      if (sentTo(exchange).some((number) => shows(reading, number))) return [];
      const expected = `${sentTo(exchange).join(' or ')} on the call`;
      return [{ at: 'call', expected, actual: describeReading(reading) }];
    },
  };
}

/** Returns true if a call may be at a number that it does not show, since it shows a party without any digit all along. */
function mayHide({ before, after, sentTo }: Pick<OtherReadings, 'before' | 'after' | 'sentTo'>): boolean {
  const isHidden = (reading: CallReading) => listParties(reading).some((party) => !/[0-9]/.test(party));
  return isHidden(before) && isHidden(after) && !sentTo.some((number) => shows(after, number));
}

const nowhere = { outcome: 'failed', sources: [], destinations: [], description: '' } as const;

function sentTo({ readings }: Exchange): readonly string[] {
  return readings?.sentTo ?? [];
}

/** Demands that the party which transfers a call has left it, and the one that is transferred is still there. */
export const keepsTheOtherParty: Check = {
  name: 'keeps the party that is transferred',
  requirement: 'effects/other-party-stays',
  looksAt: 'calls',
  applies: (exchange) => findParties(exchange) !== undefined,
  run: (exchange) => {
    const { from, stays, to, after } = findParties(exchange) ?? {};
    if (from === undefined || stays === undefined || after === undefined) return [];
    if (shows(after, stays) && !shows(after, from)) return [];
    return [{ at: 'call', expected: `a call of ${stays} and ${to}, without ${from}`, actual: describeReading(after) }];
  },
};

/**
 * Finds who leaves a call, who stays and who comes, if the call was seen with those that the transfer names, and moved.
 * With more parties another leg may show, whose parties are none of the transfer's.
 */
function findParties({ request, readings }: Exchange) {
  const [to, ...others] = readings?.sentTo ?? [];
  if (readings === undefined || to === undefined || others.length > 0 || request.method !== 'PUT') return undefined;
  const { before, after } = readings;
  const parties = listParties(before);
  if (parties.length !== 2) return undefined;
  const { transferFromNumber: from, transferNumber } = readBody(request) ?? {};
  const isNamed = typeof from === 'string' && parties.includes(from);
  if (!isNamed || shows(before, to) || !shows(after, to)) return undefined;
  const stays = parties.find((party) => party !== from);
  if (transferNumber !== undefined && transferNumber !== stays) return undefined;
  // A number that is on both sides, with or without a plus sign, tells nothing.
  if (stays === undefined || shows({ ...before, sources: [stays], destinations: [] }, from)) return undefined;
  return { from, stays, to, after };
}

/** Demands of the views of a call that was transferred that none shows a party twice, as where a repetition adds it again. */
export const showsEachPartyOnce: Check = {
  name: 'shows each party once',
  requirement: 'effects/other-party-stays',
  looksAt: 'calls',
  applies: (exchange) => exchange.request.method === 'GET' && exchange.response?.status === 200,
  run: ({ request, response }) => {
    const call = callsIn(response?.body.json?.value ?? null).find(({ id }) => id === addressOf(request).call);
    const views = Array.isArray(call?.phoneCallView) ? call.phoneCallView.filter(isObject) : [];
    return views.flatMap((view, index) =>
      (['source', 'destination'] as const).flatMap((member) => {
        const parties = [view[member] ?? []].flat();
        if (new Set(parties).size === parties.length) return [];
        return [{ at: `/phoneCallView/${index}/${member}`, expected: 'each party once', actual: formatValue(parties) }];
      }),
    );
  },
};

/** Demands of a PhoneCall which a transfer returns that it shows the number sent to, if it shows parties. */
export const returnsTheUpdatedCall: Check = {
  name: 'returns the call as the transfer left it',
  requirement: 'success/updated',
  applies: (exchange) => readReturned(exchange)?.outcome === 'read',
  run: (exchange) => {
    const number = readNumber(exchange.request);
    const returned = readReturned(exchange);
    if (number === undefined || returned === undefined || shows(returned, number)) return [];
    return [{ at: '/phoneCallView', expected: `${number} on the call`, actual: describeReading(returned) }];
  },
};

/** Reads the call that an accepted transfer returns. With 202 it may not be transferred yet. */
function readReturned(exchange: Exchange): CallReading | undefined {
  const { call } = addressOf(exchange.request);
  if (call === undefined || exchange.request.method !== 'PUT' || exchange.response?.status !== 200) return undefined;
  return parseReading(exchange, call, []);
}

/** Demands that after a refusal the call is where it was. */
export const leavesTheCall: Check = {
  name: 'leaves the call where it was',
  requirement: 'effects/refusal-moves-nothing',
  looksAt: 'calls',
  // What is accepted by mistake is not refused: the status says so. Without an answer, nothing was refused.
  applies: (exchange) =>
    exchange.response !== undefined &&
    !isAcceptedTransfer(exchange) &&
    exchange.readings?.sentTo.length === 0 &&
    isSeen(exchange.readings),
  run: ({ readings }) => stays(readings?.before, readings?.after, 'call'),
};

/** Demands that at the end of a run the call is where the last transfer left it. */
export const leavesTheTransfer: Check = {
  ...leavesTheCall,
  name: 'leaves the call where the last transfer sent it',
  requirement: 'effects/call-moves',
  applies: ({ readings }) =>
    readings !== undefined && isSeen(readings) && readings.sentTo.some((number) => shows(readings.before, number)),
};

/** Creates the check that a transfer leaves the calls which it does not name where they were. */
export function leavesOthers(name: string, requirement: string): Check {
  return {
    name,
    requirement,
    looksAt: 'calls',
    applies: ({ readings }) => unaddressed(readings).length > 0,
    run: ({ readings }) => unaddressed(readings).flatMap(staysOther),
  };
}

/** Demands that a transfer without phoneCallId moves every call of the extension. */
export const movesAllCalls: Check = {
  name: 'moves every call of the extension',
  requirement: 'bulk/all-calls-move',
  looksAt: 'calls',
  applies: ({ readings }) => wasRead(readings?.before) && (readings?.sentTo.length ?? 0) > 0,
  run: ({ request, readings }) =>
    addressed(request, readings)
      .filter((move) => !move.sentTo.some((number) => shows(move.after, number)) && !mayHide(move))
      .map(({ call, after, sentTo }) => {
        return { at: `call ${call}`, expected: `${sentTo.join(' or ')} on the call`, actual: describeReading(after) };
      }),
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
      if (refused?.run(exchange).length === 0) return [];
      return success.run(exchange).map((violation) => {
        return { ...violation, expected: [violation.expected, ...refusals.map(formatRefusal)].join(', or ') };
      });
    },
  };
}

/** Demands that of several transfers at once only one succeeds, where the second of two in a row is refused. */
export const succeedsOnce: Check = {
  name: 'lets one of them succeed, where a second one is refused',
  requirement: atOnce,
  applies: ({ readings }) => readings?.rivals !== undefined,
  run: ({ readings }) => {
    const { again = '', successes = 0 } = readings?.rivals ?? {};
    if (successes <= 1) return [];
    const expected = `one success, since the second of two such transfers in a row was answered ${again}`;
    return [{ at: 'status', expected, actual: `${successes} successes` }];
  },
};

/** Demands that a call which several transfers sent elsewhere ends at one of their numbers. */
export const showsOneOfTheNumbers: Check = {
  name: 'moves the call to one of the numbers',
  requirement: atOnce,
  looksAt: 'calls',
  applies: ({ readings }) =>
    readings !== undefined &&
    wasRead(readings.before) &&
    wasRead(readings.after) &&
    readings.sentTo.length > 0 &&
    !mayHide(readings),
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
  if (!wasRead(reading)) return reading.description;
  return `a call from ${describeParties(reading)}${reading.isOnHold ? ', on hold' : ''}`;
}
