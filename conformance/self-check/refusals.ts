import { type Contract, type ErrorBinding, type Operation, operationById } from '../contract/contract.ts';
import { listConstraints } from '../contract/constraints.ts';
import { documentedCodes, findRefusal, statusIsAmong } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import {
  type Change,
  type Row,
  type WrongAnswer,
  answeringNothing,
  family,
  isRefusedTransfer,
  refusalCode,
  saying,
  withJson,
  withStatus,
} from './wrong-answer.ts';
import { type JsonObject, type JsonValue, isObject } from '../contract/json.ts';
import { mediaTypes, noObjects } from './wrong-answer.ts';

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

/** Shapes that are not the documented error response. */
const shapes: readonly Row<(error: JsonObject) => JsonValue>[] = [
  ['flat', 'with a flat error, as in OAuth', ({ code }) => ({ error: code ?? null })],
  ['not-nested', 'with code and message at the top', (error) => error],
  ['list', 'with a list of errors', (error) => ({ errors: [error] })],
  ['error-array', 'with an error that is an array', (error) => ({ error: [error] })],
  ['error-null', 'with an error that is null', () => ({ error: null })],
  ['error-empty', 'with an error that is empty', () => ({ error: {} })],
  ['fault', 'with an error that is called fault', (error) => ({ fault: error })],
  [
    'capitals',
    'with capital letters',
    ({ code, message }) => ({ Error: { Code: code ?? null, Message: message ?? '' } }),
  ],
  ['problem', 'with a problem detail', ({ code }) => ({ type: 'about:blank', title: code ?? '' })],
  ['message-missing', 'without a message', ({ code }) => ({ error: { code: code ?? null } })],
  ['message-null', 'with null for the message', (error) => ({ error: { ...error, message: null } })],
  ['message-number', 'with a number for the message', (error) => ({ error: { ...error, message: 400 } })],
  ['message-object', 'with a message for each language', (error) => ({ error: { ...error, message: { en: '' } } })],
];

/** Returns the refusals with another body than the error response, or under another media type. */
export function errorShapes(contract: Contract): WrongAnswer[] {
  const { security } = operationById(contract, 'transferPhoneCall');
  const unauthorized = security.flatMap(({ refusedWith = [] }) => refusedWith);
  const isUnauthorized = ({ response }: Exchange) => statusIsAmong(response?.status ?? 0, unauthorized);
  const isClassed = (authorized: boolean) => (exchange: Exchange) =>
    isRefusedTransfer(exchange) && refusalCode(exchange) !== undefined && isUnauthorized(exchange) !== authorized;
  return [
    ...family('refusal', 'requests that are refused', isClassed(true), rowsOf('A request is refused')),
    ...family(
      'unauthorized',
      'requests that are refused without a valid token',
      isClassed(false),
      rowsOf('A request without a valid token is refused'),
    ),
  ];
}

/** Replaces the code of an error response; removes it if the new one is undefined. */
function recoded(value: JsonValue, code: unknown): JsonValue | undefined {
  const error = errorOf(value);
  if (error === undefined || error.code === code) return undefined;
  const { code: _, ...rest } = error;
  return { error: code === undefined ? rest : { ...rest, code: code as JsonValue } };
}

function rowsOf(subject: string): Row<Change>[] {
  return saying(subject, [
    ...shapes.map(([name, says, shape]): Row<Change> => [
      name,
      says,
      withJson((value) => {
        const error = errorOf(value);
        return error && shape(error);
      }),
    ]),
    ...noObjects,
    ...mediaTypes,
  ]);
}

function errorOf(value: JsonValue): JsonObject | undefined {
  return isObject(value) && isObject(value.error) ? value.error : undefined;
}
