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
  mediaTypes,
  noObjects,
  refusalCode,
  saying,
  withJson,
  withStatus,
} from './wrong-answer.ts';
import { type JsonObject, type JsonValue, isObject } from '../contract/json.ts';

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
const mistakes: readonly Row<(code: string) => string | number | undefined>[] = [
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
  const bindsCode =
    ({ code, isFree }: DocumentedCode) =>
    (exchange: Exchange) => {
      const status = String(exchange.response?.status);
      const isBound = () => !isFree || documentedCodes(contract, transfer, status)?.join() === code;
      return refusedWith(code)(exchange) && isBound();
    };
  return [
    ...codes.flatMap((one) => family(`status-of-${one.code}`, needs, refusedWith(one.code), statusRows(one))),
    ...fixed.flatMap((one) => family(`code-${one.code}`, needs, bindsCode(one), codeRows(one, bound))),
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

export function refusedWith(code: string): (exchange: Exchange) => boolean {
  return (exchange) => isRefusedTransfer(exchange) && refusalCode(exchange) === code;
}

function statusRows({ code, statuses }: DocumentedCode): Row<Change>[] {
  const others = otherStatuses.filter((status) => !statusIsAmong(status, statuses));
  const mistake = `The mistake that ${code} stands for is`;
  return [
    ...others.map((status): Row<Change> => [`${status}`, `${mistake} refused with ${status}.`, withStatus(status)]),
    ['nothing', `${mistake} answered with 204.`, answeringNothing(204)],
  ];
}

function codeRows({ code }: DocumentedCode, bound: readonly DocumentedCode[]): Row<Change>[] {
  const others = bound.map((other) => [`as-${other.code}`, `with ${other.code}`, () => other.code] as const);
  const rows = [...mistakes, ...others].filter(([, , mistake]) => mistake(code) !== code);
  return rows.map(([name, says, mistake]) => [
    name,
    `The mistake that ${code} stands for is refused ${says}.`,
    withError((error) => {
      if (error.code === mistake(code)) return undefined;
      const { code: _, ...rest } = error;
      return { error: mistake(code) === undefined ? rest : { ...rest, code: mistake(code) ?? null } };
    }),
  ]);
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

function rowsOf(subject: string): Row<Change>[] {
  const misshapen = shapes.map(([name, says, shape]): Row<Change> => [name, says, withError(shape)]);
  return saying(subject, [...misshapen, ...noObjects, ...mediaTypes]);
}

/** Answers with a body made of the error that came. */
function withError(change: (error: JsonObject) => JsonValue | undefined): Change {
  return withJson((value) => (isObject(value) && isObject(value.error) ? change(value.error) : undefined));
}
