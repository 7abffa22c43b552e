import { readLinkAddress, readSelfLink } from '../../checks/phone-call.ts';
import { showsEachPartyOnce, showsTheTransfer } from '../../checks/effects.ts';
import type { JsonValue } from '../../contract/json.ts';
import { addressOf, type RequestAddress } from '../../target/address.ts';
import type { Exchange, SentRequest } from '../../target/exchange.ts';
import { readingCase, type Case } from '../case.ts';
import { readingChecks } from './reading.ts';
import { encodeEverything, planReading, withPath, type RequestPlan } from '../plan.ts';
import { acceptanceChecks, answerChecks, movingCase, transferChecks, type Suite } from '../suite.ts';
import { isSuccess, leadsToTheCall } from '../../checks/success.ts';

const asItStands = 'success/link-as-it-stands';

/** The time after a transfer in which a server may still undo it, in milliseconds. */
const lateness = 1000;

interface Door {
  readonly requirement: string;
  readonly change: (reading: RequestPlan) => RequestPlan;
  /** Tells whether a request goes by this door. */
  readonly isUsed: (request: SentRequest, address: RequestAddress) => boolean;
}

const isEncoded = ({ path }: SentRequest) => path.includes('%');
const byUser = (userId: string, requirement: string): Door => ({
  requirement,
  change: (reading) => withPath(reading, { userId }),
  isUsed: (request, { user }) => user === userId && !isEncoded(request),
});

/** The ways to name a call in a path. */
const doors: Readonly<Record<string, Door>> = {
  'its path': {
    requirement: 'effects/call-moves',
    change: (reading) => reading,
    isUsed: (request, { user, extension }) => !isEncoded(request) && !user.startsWith('@') && extension !== '@self',
  },
  '@me': byUser('@me', 'path/user-me'),
  '@viewer': byUser('@viewer', 'path/user-viewer'),
  '@owner': byUser('@owner', 'path/user-owner'),
  '@self': {
    requirement: 'path/extension-self',
    change: (reading) => withPath(reading, { extension: '@self' }),
    isUsed: (request, { extension }) => extension === '@self' && !isEncoded(request),
  },
  'its encoded path': {
    requirement: 'path/percent-encoding',
    change: (reading) => ({ ...withPath(reading, { userId: '@me' }), encode: encodeEverything }),
    isUsed: isEncoded,
  },
};

/** Creates cases that look at a call by every path that names it, once a transfer has moved it. */
export function doorCases(suite: Suite): Case[] {
  return [everyDoor(suite), linkOfTransfer(suite), linkOfReading(suite)];
}

/** Reads the call over fresh connections, several times, since one of several workers may not know of the transfer. */
function everyDoor(suite: Suite): Case {
  return movingCase({
    id: 'effects/every-door',
    requirement: 'effects/call-moves',
    title: 'shows a transfer by every path that names the call, and still after a while',
    send: (control) => {
      const reading = { ...planReading(control), headers: { connection: 'close' } };
      const readings = Object.values(doors).flatMap(({ change }) => [change(reading), change(reading)]);
      return [control, ...readings.map((plan, index) => (index === 0 ? { ...plan, delay: lateness } : plan))];
    },
    checks: [
      onTransfers(isSuccess('success/status', suite.transfer)),
      ...transferChecks(suite).map(onTransfers),
      showsEachPartyOnce,
      ...readingChecks(suite, 'read-back/details').slice(1).map(onReadings),
      ...Object.entries(doors).map(([name, { requirement, isUsed }]) =>
        showsTheTransfer(requirement, `shows the transfer by ${name}`, ({ request }) =>
          isUsed(request, addressOf(request)),
        ),
      ),
    ],
  });
}

function linkOfTransfer(suite: Suite): Case {
  const requirement = 'success/link-names-the-call';
  return movingCase({
    id: 'transfer/link',
    requirement,
    title: 'returns a link by which the transferred call can be read',
    send: (control, _, earlier = []) => [control, ...planLink(suite, control, earlier[0])],
    checks: [
      showsTheTransfer(requirement, 'shows the transfer by its link', ({ request }) => !isDoubled(request)),
      showsTheTransfer(asItStands, 'shows the transfer by its link as it stands', ({ request }) => isDoubled(request)),
      ...acceptanceChecks(suite, 'success/status').map(onTransfers),
      ...readingChecks(suite, 'read-back/details').slice(1).map(onReadings),
    ],
  });
}

function linkOfReading(suite: Suite): Case {
  return {
    id: 'reading/link',
    requirement: 'read-back/link-names-the-call',
    title: 'shows a link by which the call can be read',
    needs: ['fixture'],
    effect: 'reads',
    breaks: [],
    control: readingCase,
    send: (control, _, earlier = []) => [planReading(control), ...planLink(suite, control, earlier[0])],
    checks: [
      leadsToTheCall('read-back/link-names-the-call', ({ request }) => !isDoubled(request)),
      leadsToTheCall(asItStands, ({ request }) => isDoubled(request)),
      ...answerChecks(suite, suite.reading),
    ],
  };
}

/** Plans the reading that a link in an answer leads to; none if there is no link, or none to a call. */
function planLink({ constraints, validate }: Suite, control: RequestPlan, answer?: Exchange): RequestPlan[] {
  const self = answer && readSelfLink(answer);
  const address = answer && self !== undefined ? readLinkAddress(self, answer.request.path) : undefined;
  if (address === undefined) return [];
  const path = { userId: address.user, extension: address.extension, phoneCallId: address.call ?? '' };
  const isValid = constraints
    .filter(({ place }) => place === 'path')
    .every(
      ({ name, pointer }) =>
        validate(`${pointer}/schema`, (path as Record<string, JsonValue>)[name] ?? null).length === 0,
    );
  if (!isValid) return [];
  const reading = withPath(planReading(control), path);
  // To another origin nothing is sent; the host of a link means nothing.
  return self?.includes('//uapi/') ? [reading, { ...reading, doubledSlash: true }] : [reading];
}

/** Tells whether the slash before `uapi` stands twice in a path. */
function isDoubled({ path }: SentRequest): boolean {
  return path.includes('//uapi/');
}

/** Applies a check to the requests of one method. */
function onMethod(method: 'GET' | 'PUT', check: Case['checks'][number]): Case['checks'][number] {
  const { applies = () => true } = check;
  return { ...check, applies: (exchange) => exchange.request.method === method && applies(exchange) };
}

const onReadings = (check: Case['checks'][number]) => onMethod('GET', check);
const onTransfers = (check: Case['checks'][number]) => onMethod('PUT', check);
