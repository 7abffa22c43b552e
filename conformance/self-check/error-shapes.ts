import { operationById, type Contract } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import { statusIsAmong } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { mediaTypes, noObjects } from './contents.ts';
import {
  family,
  isRefusedTransfer,
  refusalCode,
  saying,
  withJson,
  type Change,
  type Row,
  type WrongAnswer,
} from './wrong-answer.ts';

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
export function recoded(value: JsonValue, code: unknown): JsonValue | undefined {
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
