import { operationById, type Contract, type ErrorBinding, type Operation } from '../contract/contract.ts';
import { listConstraints } from '../contract/constraints.ts';
import { documentedCodes, findRefusal, statusIsAmong } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { recoded } from './error-shapes.ts';
import {
  answeringNothing,
  family,
  isRefusedTransfer,
  refusalCode,
  withJson,
  withStatus,
  type Change,
  type Row,
  type WrongAnswer,
} from './wrong-answer.ts';

const needs = 'requests that are refused with the code';

/** An error code with the statuses that may carry it. */
interface DocumentedCode {
  readonly code: string;
  readonly statuses: readonly string[];
  /** True if a server may answer with another code. */
  readonly isFree: boolean;
}

/** Statuses that servers often refuse with. */
const otherStatuses = [200, 400, 401, 404, 422, 500];

/** Mistakes in an error code. */
const mistakes: readonly Row<(code: string) => unknown>[] = [
  ['misspelt', 'with two letters of the code swapped', (code) => code.replace(/(.)(.)$/, '$2$1')],
  ['corrected', 'with the code as other pages of the vendor spell it', (code) => code.replace('phoncall', 'phonecall')],
  ['upper-case', 'with the code in upper case', (code) => code.toUpperCase()],
  ['generic', 'with the code bad_request', () => 'bad_request'],
  ['empty', 'with an empty code', () => ''],
  ['missing', 'without the code', () => undefined],
  ['number', 'with a number for the code', () => 400],
];

/** Returns the refusals with a status or a code that the contract does not bind to the broken part. */
export function refusals(contract: Contract): WrongAnswer[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const codes = boundCodes(contract, transfer);
  const bound = codes.filter(({ isFree }) => !isFree);
  const fixed = codes.filter(
    ({ code, isFree }) => !isFree || transfer.security.some(({ errorCode }) => errorCode === code),
  );
  return [
    ...codes.flatMap((documented) =>
      family(`status-of-${documented.code}`, needs, refusedWith(documented.code), statusRows(documented)),
    ),
    ...fixed.flatMap((documented) =>
      family(`code-${documented.code}`, needs, bindsCode(contract, transfer, documented), codeRows(documented, bound)),
    ),
  ];
}

/** Returns the codes that the contract binds to parts of a request. */
export function boundCodes(contract: Contract, transfer: Operation): DocumentedCode[] {
  const bindings: readonly ErrorBinding[] = [...listConstraints(contract, transfer), ...transfer.security];
  return bindings.flatMap((binding) => {
    const refusal = findRefusal(transfer, binding);
    if (binding.errorCode === undefined || refusal === undefined) return [];
    return [{ code: binding.errorCode, statuses: refusal.statuses, isFree: refusal.code === undefined }];
  });
}

/** Returns a predicate: a transfer is refused with the code. */
export function refusedWith(code: string): (exchange: Exchange) => boolean {
  return (exchange) => isRefusedTransfer(exchange) && refusalCode(exchange) === code;
}

/** Returns a predicate: a transfer is refused with the code, and no other code is allowed. */
function bindsCode(contract: Contract, transfer: Operation, { code, isFree }: DocumentedCode) {
  const isRefused = refusedWith(code);
  return (exchange: Exchange) => {
    if (!isRefused(exchange)) return false;
    return !isFree || documentedCodes(contract, transfer, String(exchange.response?.status))?.join() === code;
  };
}

function statusRows({ code, statuses }: DocumentedCode): Row<Change>[] {
  const rows = otherStatuses
    .filter((status) => !statusIsAmong(status, statuses))
    .map((status): Row<Change> => [
      String(status),
      `The mistake that ${code} stands for is refused with ${status}.`,
      withStatus(status),
    ]);
  return [...rows, ['nothing', `The mistake that ${code} stands for is answered with 204.`, answeringNothing(204)]];
}

function codeRows({ code }: DocumentedCode, bound: readonly DocumentedCode[]): Row<Change>[] {
  const others = bound.filter((other) => other.code !== code);
  return [
    ...mistakes
      .filter(([, , mistake]) => mistake(code) !== code)
      .map(([name, says, mistake]): Row<Change> => [
        name,
        `The mistake that ${code} stands for is refused ${says}.`,
        withJson((value) => recoded(value, mistake(code))),
      ]),
    ...others.map((other): Row<Change> => [
      `as-${other.code}`,
      `The mistake that ${code} stands for is refused with ${other.code}.`,
      withJson((value) => recoded(value, other.code)),
    ]),
  ];
}
