import { operationById, type Contract } from '../contract/contract.ts';
import type { CallReading, Exchange, Readings } from '../target/exchange.ts';
import { boundCodes, refusedWith } from './refusals.ts';
import { readRequest } from './accepted-breaches.ts';
import { transferForms } from './transfer-forms.ts';
import {
  family,
  isAcceptedTransfer,
  isRefusedTransfer,
  type Change,
  type Row,
  type WrongAnswer,
} from './wrong-answer.ts';

const readable = 'a call that can be read back';

/** A number that is not in the fixture. */
const elsewhere = '5550000';

const gone: CallReading = {
  outcome: 'unknown',
  sources: [],
  destinations: [],
  description: 'reading the call was refused',
};

/** Wrong destinations for a number that the call was sent to. */
const wrongNumbers: readonly Row<(number: string, exchange: Exchange) => string | undefined>[] = [
  ['truncated', 'to a number without its last digit', (number) => number.slice(0, -1)],
  ['longer', 'to a number with a 0 behind it', (number) => `${number}0`],
  ['prefixed', 'to a number with a 0 before it', (number) => `0${number}`],
  ['reversed', 'to the digits in reverse', (number) => [...number].reverse().join('')],
  ['the-same', 'to one and the same number', () => elsewhere],
  ['nowhere', 'to nowhere', () => undefined],
  ['back', 'to the party that transfers it', (_, exchange) => textIn(exchange, 'transferFromNumber')],
  ['to-the-transferred', 'to the party that is transferred', (_, exchange) => textIn(exchange, 'transferNumber')],
];

/** Wrong destinations for an extension that the call was sent to. */
const wrongExtensions: typeof wrongNumbers = [
  ['without-asterisk', 'to an extension without its asterisk', (number) => number.replaceAll('*', '')],
  ['short-extension', 'to the digits behind the asterisk', (number) => number.replace(/^.*\*/, '')],
];

/** Returns the wrong answers whose effects are not what they say: the readings change, the response stays. */
export function effects(contract: Contract): WrongAnswer[] {
  const codes = boundCodes(contract, operationById(contract, 'transferPhoneCall'));
  const moving = withReadings((readings) => ({ ...readings, after: away(readings.before) }));
  const ending = withReadings((readings) => ({ ...readings, after: gone }));
  const transferring = (needs: string, rows: readonly Row<Change>[]) =>
    family('effects', needs, isAcceptedTransfer, rows);
  return [
    ...transferring(readable, wrongNumbers.map(movingTo)),
    ...transferring(`${readable}, and an extension in --send-to`, wrongExtensions.map(movingTo)),
    ...transferring(`${readable}, and several numbers in --send-to`, missingMoves),
    ...transferring('another call, --other-call, that can be read back', [
      ['other-call-moves', 'A transfer moves another call.', withReadings(others(away))],
      ['other-call-ends', 'A transfer ends another call.', withReadings(others(() => gone))],
    ]),
    ...codes.flatMap(({ code }) =>
      family(`effects-of-${code}`, readable, refusedWith(code), [
        ['moves', `A request that is refused with ${code} moves the call.`, moving],
        ['ends', `A request that is refused with ${code} ends the call.`, ending],
      ]),
    ),
    ...family('effects', readable, isRefusedTransfer, [
      ['refusal-moves', 'Every request that is refused moves the call.', moving],
    ]),
    ...family('effects', readable, ({ request }) => request.method === 'GET', [
      ['refusal-moves-late', 'A request that is refused moves the call after a while.', moving],
    ]),
  ];
}

/** Transfers that move nothing. A run whose call is at its number already cannot see this, and that counts against it. */
const missingMoves: readonly Row<Change>[] = transferForms.map(({ name, subject, has }) => [
  `nothing-moves-${name}`,
  `${subject} is accepted, but moves nothing.`,
  (exchange) => {
    const { readings, request } = exchange;
    if (readings?.before.outcome !== 'read' || !has(readRequest(request))) return undefined;
    return { ...exchange, readings: { ...readings, after: readings.before } };
  },
]);

function movingTo([name, says, change]: (typeof wrongNumbers)[number]): Row<Change> {
  const wrongly = withReadings((readings, exchange) => {
    const { sentTo, before, after } = readings;
    const renumber = (reading: CallReading): CallReading => {
      return { ...reading, destinations: reading.destinations.flatMap((number) => change(number, exchange) ?? []) };
    };
    if (sentTo.every((number) => change(number, exchange) === number)) return readings;
    return { ...readings, before: renumber(before), after: renumber(after) };
  });
  return [`moves-${name}`, `A transfer moves the call ${says}.`, wrongly];
}

function others(change: (reading: CallReading) => CallReading): (readings: Readings) => Readings {
  return (readings) => ({
    ...readings,
    others: readings.others.map((other) => ({
      ...other,
      after: other.after.outcome === 'read' ? change(other.after) : other.after,
    })),
  });
}

function away(reading: CallReading): CallReading {
  return { ...reading, destinations: [reading.destinations.includes(elsewhere) ? `${elsewhere}1` : elsewhere] };
}

/** Changes the readings of a call that was read; undefined if they stay the same. */
function withReadings(change: (readings: Readings, exchange: Exchange) => Readings): Change {
  return (exchange) => {
    const { readings } = exchange;
    if (readings === undefined || readings.before.outcome !== 'read') return undefined;
    const changed = change(readings, exchange);
    return JSON.stringify(changed) === JSON.stringify(readings) ? undefined : { ...exchange, readings: changed };
  };
}

function textIn({ request }: Exchange, name: string): string | undefined {
  const value = readRequest(request).action?.[name];
  return typeof value === 'string' ? value : undefined;
}
