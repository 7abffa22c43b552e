import type { Check } from '../../checks/check.ts';
import { isRefusedWith } from '../../checks/refusal.ts';
import { isSuccess } from '../../checks/success.ts';
import { formatRefusal, type Refusal } from '../../contract/refusal.ts';
import { isInternational, type Case } from '../case.ts';
import { withBody } from '../plan.ts';
import { acceptanceChecks, refusalFor, transferChecks, type Suite } from '../suite.ts';

/** Creates transfers that are sent more than once, and the one that may be refused. */
export function repeatedCases(suite: Suite): Case[] {
  return [withoutTransferNumber(suite), sameTransferTwice(suite), againAndAgain(suite)];
}

/** Sends one transfer after the other, to find a server that fails now and then. */
function againAndAgain(suite: Suite): Case {
  return {
    id: 'transfer/again-and-again',
    requirement: 'success/status',
    title: 'accepts one transfer after the other',
    needs: ['fixture'],
    effect: 'moves',
    breaks: [],
    send: (control, { sendTo }) => {
      const [last = control, ...others] = sendTo
        .filter((number) => !isInternational(number))
        .toReversed()
        .map((number) => withBody(control, { sendCallTo: number }));
      return [last, ...others, last];
    },
    checks: acceptanceChecks(suite, 'success/status'),
  };
}

function withoutTransferNumber(suite: Suite): Case {
  const refusal = refusalFor(suite, 'transferNumber');
  return {
    id: 'transfer/without-transfer-number',
    requirement: 'body/transfer-number-left-out',
    title: 'accepts a transfer without transferNumber, or says that it is missing',
    needs: ['fixture'],
    effect: 'moves',
    breaks: [],
    send: (control) => [withBody(control, { transferNumber: undefined })],
    checks: [
      isAcceptedOr(suite, 'body/transfer-number-left-out', refusal),
      isSuccess('body/transfer-number-optional', suite.transfer),
      ...transferChecks(suite),
    ],
  };
}

function sameTransferTwice(suite: Suite): Case {
  return {
    id: 'transfer/twice',
    requirement: 'effects/transfer-again',
    title: 'answers the same transfer again with a success, or says that the call is gone',
    needs: ['fixture'],
    effect: 'moves',
    breaks: [],
    send: (control) => [control, control],
    checks: [isAcceptedOr(suite, 'effects/transfer-again', refusalFor(suite, 'phoneCallId')), ...transferChecks(suite)],
  };
}

/** Demands a success, or the one refusal that the documentation allows instead. */
function isAcceptedOr({ transfer }: Suite, requirement: string, refusal: Refusal): Check {
  const success = isSuccess(requirement, transfer);
  const refused = isRefusedWith(requirement, [refusal]);
  return {
    name: `${success.name}, or ${refused.name}`,
    requirement,
    applies: ({ response }) => response !== undefined,
    run: (exchange) => {
      const violations = success.run(exchange);
      if (violations.length === 0 || refused.run(exchange).length === 0) return [];
      const expected = `${violations[0]?.expected}, or ${formatRefusal(refusal)}`;
      return [{ at: 'status', expected, actual: violations[0]?.actual ?? '' }];
    },
  };
}
