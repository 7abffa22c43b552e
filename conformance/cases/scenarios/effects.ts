import {
  isAcceptedAtOnce,
  leavesOthers,
  leavesTheCall,
  leavesTheTransfer,
  showsOneOfTheNumbers,
  succeedsOnce,
} from '../../checks/effects.ts';
import { isOn } from '../../call/readings.ts';
import { isAboutTheCall } from '../../checks/phone-call.ts';
import { isInternational, twiceCase, type Case } from '../case.ts';
import { planReading, withBody, withPath, type RequestPlan } from '../plan.ts';
import { answerChecks, documentedRefusals, movingCase, type Suite } from '../suite.ts';

/** The refusal of a request that another one came before (RFC 9110 section 15.5.10). */
const conflict = { statuses: ['409'], code: undefined };

/** The number of transfers that are sent at once. */
const crowd = 10;

/** Creates cases about late effects of refused transfers, and about transfers that arrive at once. */
export function effectCases(suite: Suite): Case[] {
  return [afterRefusals(), atOnceOnOneCall(suite), atOnceOnDifferentCalls(suite), atTheEnd()];
}

function afterRefusals(): Case {
  return {
    id: 'effects/after-refusals',
    requirement: 'effects/refusal-moves-nothing',
    title: 'leaves the call where it was, a while after the last refusal',
    needs: ['fixture'],
    effect: 'watches',
    breaks: [],
    send: (control) => [planReading(control)],
    checks: [leavesTheCall],
  };
}

function atTheEnd(): Case {
  return {
    id: 'effects/at-the-end',
    requirement: 'effects/call-moves',
    title: 'leaves the calls where they are, once all transfers are over',
    needs: ['fixture'],
    effect: 'ends',
    breaks: [],
    send: (control) => [planReading(control)],
    checks: [leavesTheTransfer, leavesOthers('leaves other calls where they were', 'effects/other-call-stays')],
  };
}

function atOnceOnOneCall(suite: Suite): Case {
  return movingCase({
    id: 'effects/at-once-on-one-call',
    requirement: 'effects/transfers-at-once',
    title: 'answers ten transfers of one call that arrive at once, and ends at one of their numbers',
    order: 'at once',
    after: twiceCase,
    send: (control, { sendTo, ...parties }) => {
      // The call is at the last number: if it stayed there, that would go unnoticed.
      const others = sendTo.slice(0, Math.max(1, sendTo.length - 1));
      const elsewhere = others.filter((number) => !isOn(parties, number));
      const numbers = undisputed(elsewhere.length > 0 ? elsewhere : others);
      return inCrowd((index) => withBody(control, { sendCallTo: numbers[index % numbers.length] ?? '' }));
    },
    // The first of them changes who is on the call, as the others name it.
    checks: [
      isAcceptedAtOnce(suite.transfer, [...documentedRefusals(suite), conflict]),
      succeedsOnce,
      ...atOnceChecks(suite),
    ],
  });
}

function atOnceOnDifferentCalls(suite: Suite): Case {
  return movingCase({
    id: 'effects/at-once-on-different-calls',
    requirement: 'effects/transfers-at-once',
    title: 'answers ten transfers of different calls that arrive at once, and moves each',
    needs: ['several calls'],
    calls: { sameExtension: crowd - 1, otherExtension: 0 },
    order: 'at once',
    send: (control, { sendTo, spareCalls }) => {
      // The other calls share a number, so that one number stays without a call.
      const [own = '', shared = own] = undisputed(sendTo);
      const others = spareCalls.map(({ extension, call, from, number }) =>
        withBody(withPath(control, { extension, phoneCallId: call }), {
          sendCallTo: shared,
          transferFromNumber: from,
          transferNumber: number,
        }),
      );
      const calls = [withBody(control, { sendCallTo: own }), ...others];
      return inCrowd((index) => calls[index % calls.length] ?? control);
    },
    checks: [isAcceptedAtOnce(suite.transfer), ...atOnceChecks(suite)],
  });
}

/** Returns the numbers that every server accepts, or all numbers if there are none of that kind. */
function undisputed(numbers: readonly string[]): readonly string[] {
  const accepted = numbers.filter((number) => !isInternational(number));
  return accepted.length > 0 ? accepted : numbers;
}

function inCrowd(plan: (index: number) => RequestPlan): [RequestPlan, ...RequestPlan[]] {
  return [plan(0), ...Array.from({ length: crowd - 1 }, (_, index) => plan(index + 1))];
}

function atOnceChecks(suite: Suite) {
  return [isAboutTheCall('effects/transfers-at-once'), ...answerChecks(suite, suite.transfer), showsOneOfTheNumbers];
}
