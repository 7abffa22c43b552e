import { operationById, type Contract } from '../../contract/contract.ts';
import type { CallReading, Exchange, Readings } from '../../target/exchange.ts';
import { isAcceptedTransfer, isRefusedTransfer } from './answers.ts';
import { family, type Change, type Corruption, type Row } from './corruption.ts';
import { documentedCodesOf, refusedWith } from './refusals.ts';
import { readRequest } from './requests.ts';

const readable = 'a call that can be read back';
const otherReadable = 'another call, --other-call, that can be read back';

/** A number that no fixture names. */
const elsewhere = '5550000';

const gone: CallReading = { outcome: 'unknown', destinations: [], description: 'reading the call was refused' };

/** Where a call is shown instead of the number that it was sent to. */
const wrongNumbers: readonly Row<(number: string, exchange: Exchange) => string | undefined>[] = [
  ['truncated', 'to a number without its last digit', (number) => number.slice(0, -1)],
  ['longer', 'to a number with a 0 behind it', (number) => `${number}0`],
  ['prefixed', 'to a number with a 0 before it', (number) => `0${number}`],
  ['reversed', 'to the digits in reverse', (number) => [...number].reverse().join('')],
  ['without-asterisk', 'to a number without its asterisk', (number) => number.replaceAll('*', '')],
  ['extension-only', 'to what stands behind the asterisk', (number) => number.replace(/^.*\*/, '')],
  ['the-same', 'to one and the same number', () => elsewhere],
  ['nowhere', 'to nowhere', () => undefined],
  ['back', 'to the party that transfers it', (_, exchange) => textIn(exchange, 'transferFromNumber')],
  ['to-the-transferred', 'to the party that is transferred', (_, exchange) => textIn(exchange, 'transferNumber')],
];

/** Transfers that do not do what their answers say. */
export function effects(contract: Contract): Corruption[] {
  const codes = documentedCodesOf(contract, operationById(contract, 'transferPhoneCall'));
  const moved = ['moves', 'It is refused, and the call moves all the same.', withReadings(movingAway)] as const;
  const ended = ['ends', 'It is refused, and the call ends.', withReadings(endingTheCall)] as const;
  return [
    ...family('effects', readable, isAcceptedTransfer, acceptedRows),
    ...family('effects', otherReadable, isAcceptedTransfer, [
      ['other-call-moves', 'A transfer moves another call.', withReadings(others(away))],
      ['other-call-ends', 'A transfer ends another call.', withReadings(others(() => gone))],
    ]),
    ...codes.flatMap(({ code }) =>
      family(`effects-of-${code}`, readable, refusedWith(code), [
        [moved[0], `What ${code} refuses moves the call all the same.`, moved[2]],
        [ended[0], `What ${code} refuses ends the call.`, ended[2]],
      ]),
    ),
    ...family('effects', readable, isRefusedTransfer, [
      ['refusal-moves', 'Every request that is refused moves the call all the same.', moved[2]],
    ]),
    ...family('effects', readable, ({ request }) => request.method === 'GET', [
      ['refusal-moves-late', 'A request that is refused moves the call after a while.', withReadings(movingAway)],
    ]),
  ];
}

const acceptedRows: readonly Row<Change>[] = [
  ['nothing-moves', 'A transfer is answered with a success, but nothing moves.', withReadings(stayingThere)],
  ...wrongNumbers.map(([name, says, change]): Row<Change> => [
    `moves-${name}`,
    `A transfer moves the call ${says}.`,
    withReadings((readings, exchange) => ({
      ...readings,
      before: renumbered(readings.before, (number) => change(number, exchange)),
      after: renumbered(readings.after, (number) => change(number, exchange)),
    })),
  ]),
];

function stayingThere(readings: Readings): Readings {
  return { ...readings, after: readings.before };
}

function movingAway(readings: Readings): Readings {
  return { ...readings, after: away(readings.before) };
}

function endingTheCall(readings: Readings): Readings {
  return { ...readings, after: gone };
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
  const destination = reading.destinations.includes(elsewhere) ? `${elsewhere}1` : elsewhere;
  return { ...reading, destinations: [destination] };
}

function renumbered(reading: CallReading, change: (number: string) => string | undefined): CallReading {
  return { ...reading, destinations: reading.destinations.flatMap((number) => change(number) ?? []) };
}

/** Changes where the call is seen, if it is; a change that shows nothing new is none. */
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
