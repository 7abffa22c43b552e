import { leavesOthers, movesAllCalls } from '../../checks/effects.ts';
import { carriesPhoneCalls } from '../../checks/phone-call.ts';
import { isSuccess, isSuccessWithoutContent } from '../../checks/success.ts';
import type { Check } from '../../checks/check.ts';
import { documentedCodes, readErrorCode } from '../../contract/refusal.ts';
import type { Exchange } from '../../target/exchange.ts';
import type { Case } from '../case.ts';
import { planBulkTransfer } from '../plan.ts';
import { answerChecks, type Suite } from '../suite.ts';

/** Limits a check to servers that offer the operation: the contract documents how others say so. */
function whereOffered(suite: Suite, check: Check): Check {
  const codes = documentedCodes(suite.contract, suite.transferAll, '501') ?? [];
  const isOffered = ({ response }: Exchange) =>
    response?.status !== 501 || !codes.includes(readErrorCode(response.body.json?.value) ?? '');
  return { ...check, applies: (exchange) => isOffered(exchange) && (check.applies?.(exchange) ?? true) };
}

/** Creates transfers of all calls at once, which run only if the profile is named. */
export function bulkCases(suite: Suite): Case[] {
  const { transferAll } = suite;
  return [
    {
      id: 'bulk/none-left',
      requirement: 'bulk/none-left',
      title: 'answers a transfer of no calls with nothing',
      needs: ['fixture', 'idle extension'],
      effect: 'moves all',
      breaks: [],
      send: (control, { idleExtension }) => [planBulkTransfer(control, idleExtension)],
      checks: [
        whereOffered(suite, isSuccessWithoutContent('bulk/none-left', transferAll)),
        ...answerChecks(suite, transferAll),
      ],
    },
    {
      id: 'bulk/all-calls',
      requirement: 'bulk/all-calls-move',
      title: 'moves every call of the extension, and no other',
      needs: ['fixture', 'several calls'],
      calls: { sameExtension: 1, otherExtension: 1 },
      effect: 'moves all',
      breaks: [],
      send: (control) => [planBulkTransfer(control)],
      checks: [
        whereOffered(suite, isSuccess('bulk/all-calls-move', transferAll)),
        ...answerChecks(suite, transferAll),
        carriesPhoneCalls(transferAll, suite.validate, 'success/phone-call'),
        movesAllCalls,
        leavesOthers('leaves the calls of other extensions where they were', 'bulk/other-extension-stays'),
      ],
    },
  ];
}
