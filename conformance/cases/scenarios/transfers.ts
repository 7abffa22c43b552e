import type { Check } from '../../checks/check.ts';
import { leavesOthers, leavesTheCall, showsTheNumber } from '../../checks/effects.ts';
import { isAboutTheCall } from '../../checks/phone-call.ts';
import { isRefusedWith } from '../../checks/refusal.ts';
import { isSuccess } from '../../checks/success.ts';
import { formatRefusal, type Refusal } from '../../contract/refusal.ts';
import type { Fixture } from '../../call/fixture.ts';
import { isOn, readBody } from '../../call/readings.ts';
import { controlCase, isExtension, isInternational, isPublic, twiceCase, type Case, type Feature } from '../case.ts';
import { bodyObject, encodeReserved, withBody, withPath, type RequestPlan } from '../plan.ts';
import { swapParties } from './branches.ts';
import { noCall } from './identity.ts';
import { randomId } from './unknown.ts';
import {
  acceptanceChecks,
  answerChecks,
  documentedRefusals,
  movingCase,
  refusalFor,
  transferChecks,
  type Suite,
} from '../suite.ts';

interface Transfer {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly needs?: readonly Feature[];
  readonly change: (control: RequestPlan, fixture: Fixture) => RequestPlan;
}

const unchanged = (control: RequestPlan): RequestPlan => control;
const encoded = (control: RequestPlan): RequestPlan => ({ ...control, encode: encodeReserved });
const withUser = (userId: string) => (control: RequestPlan) => withPath(control, { userId });
const withUserAndSelf = (userId: string) => (control: RequestPlan) => withPath(control, { userId, extension: '@self' });

const sentTo = (kind: (number: string) => boolean) => (control: RequestPlan, fixture: Fixture) =>
  withBody(control, { sendCallTo: fixture.sendTo.find(kind) });

/** The transfers that every server must accept. */
const transfers: readonly Transfer[] = [
  {
    id: controlCase,
    requirement: 'success/status',
    title: 'accepts a valid transfer',
    change: unchanged,
  },
  {
    id: 'transfer/by-id',
    requirement: 'path/call-by-user-extension-and-id',
    title: 'finds the call by user, extension and id',
    change: unchanged,
  },
  {
    id: 'transfer/user-me',
    requirement: 'path/user-me',
    title: 'takes @me for the authenticated User',
    change: withUser('@me'),
  },
  {
    id: 'transfer/user-viewer',
    requirement: 'path/user-viewer',
    title: 'takes @viewer for the authenticated User',
    change: withUser('@viewer'),
  },
  {
    id: 'transfer/user-owner',
    requirement: 'path/user-owner',
    title: 'takes @owner for the owner of the extension',
    change: withUser('@owner'),
  },
  {
    id: 'transfer/extension-self',
    requirement: 'path/extension-self',
    title: 'takes @self for the extension of the call',
    change: (control) => withPath(control, { extension: '@self' }),
  },
  {
    id: 'transfer/user-me-extension-self',
    requirement: 'path/extension-self',
    title: 'takes @me and @self together',
    change: withUserAndSelf('@me'),
  },
  {
    id: 'transfer/user-viewer-extension-self',
    requirement: 'path/extension-self',
    title: 'takes @viewer and @self together',
    change: withUserAndSelf('@viewer'),
  },
  {
    id: 'transfer/user-owner-extension-self',
    requirement: 'path/extension-self',
    title: 'takes @owner and @self together',
    change: withUserAndSelf('@owner'),
  },
  {
    id: 'transfer/encoded-asterisk',
    requirement: 'path/percent-encoding',
    title: 'decodes %2A in the extension',
    change: encoded,
  },
  {
    id: 'transfer/encoded-alias',
    requirement: 'path/percent-encoding',
    title: 'decodes %40me',
    change: (control) => encoded(withUser('@me')(control)),
  },
  {
    id: 'transfer/encoded-aliases',
    requirement: 'path/percent-encoding',
    title: 'decodes %40me and %40self together',
    change: (control) => encoded(withUserAndSelf('@me')(control)),
  },
  {
    id: 'transfer/trailing-slash',
    requirement: 'path/trailing-slash',
    title: 'accepts a slash after the phoneCallId',
    change: (control) => ({ ...control, trailingSlash: true }),
  },
  {
    id: 'transfer/to-public-number',
    requirement: 'body/send-call-to-public-number',
    title: 'sends a call to a public number',
    needs: ['public number'],
    change: sentTo(isPublic),
  },
  {
    id: 'transfer/to-extension',
    requirement: 'body/send-call-to-extension',
    title: 'sends a call to an extension',
    needs: ['extension number'],
    change: sentTo(isExtension),
  },
  {
    id: 'transfer/to-international-number',
    requirement: 'body/send-call-to-international-number',
    title: 'sends a call to a number that begins with a plus sign',
    needs: ['international number'],
    change: sentTo(isInternational),
  },
  {
    id: 'transfer/unknown-member',
    requirement: 'body/unknown-members',
    title: 'ignores a member that the documentation does not name',
    change: (control) => withBody(control, { phoneCallViewId: '01' }),
  },
  {
    id: 'transfer/members-named-as-in-the-path',
    requirement: 'body/unknown-members',
    title: 'takes the call from the path, whatever members of the body are named alike',
    // A live telephone system could give the call to others.
    needs: ['loopback target'],
    change: (control, { spareCalls, foreignCall }) => {
      const other = spareCalls[0] ?? foreignCall ?? { call: randomId(control.path.phoneCallId ?? '') };
      return withBody(control, { phoneCallId: other.call, extension: '0', userId: '0' });
    },
  },
  {
    id: 'transfer/media-type-with-charset',
    requirement: 'success/status',
    title: 'accepts application/json with a charset',
    change: (control) => ({ ...control, contentType: `${control.contentType}; charset=utf-8` }),
  },
];

/** Creates cases of valid requests, each of which is accepted and moves the call. */
export function transferCases(suite: Suite): Case[] {
  const accepted = transfers.map(({ change, ...row }) =>
    movingCase({
      ...row,
      send: (control, fixture) => [change(control, fixture)],
      checks: [
        ...acceptanceChecks(suite, row.requirement),
        // What the path says is read wrongly where it leads to another call.
        ...(row.requirement.startsWith('path/') ? [isAboutTheCall(row.requirement)] : []),
      ],
    }),
  );
  const place = accepted.findIndex(({ id }) => id === 'transfer/to-extension');
  return accepted.toSpliced(place + 1, 0, passedOn(suite));
}

/** Sends the call to a number with a plus sign, which transfers it in its turn, since it is on the call. */
function passedOn(suite: Suite): Case {
  const requirement = 'body/transfer-from-either-party';
  const success = isSuccess(requirement, suite.transfer);
  return movingCase({
    id: 'transfer/from-international-number',
    requirement,
    title: 'accepts a number that begins with a plus sign as the one that transfers, once the call was sent to it',
    needs: ['international number'],
    send: (control, { from, number, sendTo }, [sent] = []) => {
      const sendCallTo = sendTo.find(isInternational) ?? '';
      const former = sent === undefined ? from : String(readBody(sent.request)?.transferFromNumber);
      const isSame = (other: string) => isOn({ from: other, number: other }, sendCallTo);
      // Where the call is at the same number before or after, nothing shows when it has moved.
      const next = isSame(former) || isSame(number) ? undefined : sendTo.find((other) => !isSame(other));
      const first = withBody(control, { sendCallTo });
      return next === undefined ? [first] : [first, withBody(control, { sendCallTo: next })];
    },
    checks: [
      {
        ...success,
        applies: ({ request }) => isInternational(String(readBody(request)?.transferFromNumber)),
      },
      ...transferChecks(suite),
    ],
  });
}

/** Creates transfers that are sent more than once, and those that may be refused. */
export function repeatedCases(suite: Suite): Case[] {
  return [
    withoutTransferNumber(suite),
    ...fromNobody(suite),
    namingAForeignCall(suite),
    againAndAgain(suite),
    fromTheOtherParty(suite),
  ];
}

/** Sends one transfer after the other, to find a server that fails now and then. */
function againAndAgain(suite: Suite): Case {
  return movingCase({
    id: 'transfer/again-and-again',
    requirement: 'success/status',
    title: 'accepts one transfer after the other',
    send: (control, { sendTo }) => {
      const [first = String(bodyObject(control).sendCallTo), ...others] = sendTo.filter(
        (number) => !isInternational(number),
      );
      // It ends at an extension, if there is one: from there the other party transfers the call.
      const last = others.find(isExtension) ?? first;
      const inBetween = others.filter((number) => number !== last);
      const [one = control, ...rest] = [first, ...inBetween, ...(others.length === 0 ? [] : [last])].map((number) =>
        withBody(control, { sendCallTo: number }),
      );
      return [one, ...rest];
    },
    checks: acceptanceChecks(suite, 'success/status'),
  });
}

function withoutTransferNumber(suite: Suite): Case {
  const refusal = refusalFor(suite, 'transferNumber');
  return movingCase({
    id: 'transfer/without-transfer-number',
    requirement: 'body/transfer-number-left-out',
    title: 'accepts a transfer without transferNumber, or says that it is missing',
    send: (control) => [withBody(control, { transferNumber: undefined })],
    checks: [
      isAcceptedOr(suite, 'body/transfer-number-left-out', [refusal]),
      isSuccess('body/transfer-number-optional', suite.transfer),
      ...transferChecks(suite),
    ],
  });
}

/** A number that is set aside for fiction, so that it is on no call. */
const ofNobody = '2025550143';

/** Names a number that is not on the call as a party. A server may take it, but a refusal of it moves nothing. */
function fromNobody(suite: Suite): Case[] {
  return ['transferFromNumber', 'transferNumber'].map((name) =>
    movingCase({
      id: `transfer/${name}-not-on-the-call`,
      requirement: 'effects/refusal-moves-nothing',
      title: `moves nothing if it refuses a ${name} that is not on the call`,
      control: controlCase,
      send: (control) => [withBody(control, { [name]: ofNobody })],
      checks: [...answerChecks(suite, suite.transfer), leavesTheCall],
    }),
  );
}

/**
 * Names a call of another User and its party in the body, which could stand for what the path names. A server may refuse
 * the party, or transfer the call of the path.
 */
function namingAForeignCall(suite: Suite): Case {
  const requirement = 'authorization/foreign-call';
  return movingCase({
    id: 'transfer/foreign-call-named-in-the-body',
    requirement,
    title: 'leaves a call of another User alone that the body names, whether or not it accepts the transfer',
    needs: ['foreign call'],
    control: controlCase,
    send: (control, { foreignCall = noCall }) => {
      const { extension, call } = foreignCall;
      return [withBody(control, { phoneCallId: call, transferFromNumber: extension, transferNumber: undefined })];
    },
    checks: [
      ...answerChecks(suite, suite.transfer),
      leavesTheCall,
      showsTheNumber,
      leavesOthers('leaves the call of another User where it was', requirement),
    ],
  });
}

/** Creates the case of a transfer that is sent again. */
export function sameTransferTwice(suite: Suite): Case {
  return movingCase({
    id: twiceCase,
    requirement: 'effects/transfer-again',
    title: 'answers the same transfer again with a success, or with a documented refusal',
    order: 'unchanged',
    send: (control) => [control, control],
    checks: [isAcceptedOr(suite, 'effects/transfer-again', documentedRefusals(suite)), ...transferChecks(suite)],
  });
}

/** Has the other party transfer the call. It comes last: if that is the extension, the call is not its own any more. */
function fromTheOtherParty(suite: Suite): Case {
  const requirement = 'body/transfer-from-either-party';
  return movingCase({
    id: 'transfer/from-the-other-party',
    requirement,
    title: 'accepts either party as the one that transfers',
    send: (control) => [swapParties(control)],
    checks: acceptanceChecks(suite, requirement),
  });
}

/** Demands a success, or one of the refusals that the documentation allows instead. */
export function isAcceptedOr({ transfer }: Suite, requirement: string, refusals: readonly Refusal[]): Check {
  const success = isSuccess(requirement, transfer);
  const refused = isRefusedWith(requirement, refusals);
  return {
    name: `${success.name}, or ${refused.name}`,
    requirement,
    applies: ({ response }) => response !== undefined,
    run: (exchange) => {
      const violations = success.run(exchange);
      if (violations.length === 0 || refused.run(exchange).length === 0) return [];
      const expected = `${violations[0]?.expected}, or ${refusals.map(formatRefusal).join(', or ')}`;
      return [{ at: 'status', expected, actual: violations[0]?.actual ?? '' }];
    },
  };
}
