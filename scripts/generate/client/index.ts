import { methods, transferAllPhoneCalls, type Requests, type TransferClient } from '#generated/client/operations.ts';
import type { PhoneCall, PhoneCallList } from '#generated/types.ts';
import { createExchange } from './exchange.ts';
import type { AnswerTo, Operation } from './operation.ts';
import type { RequestOptions, TransferClientOptions } from './options.ts';

// The entry of the package: what `import … from 'transfer-contract'` gives.
export { errorCodes, type ErrorCode, type TransferClient } from '#generated/client/operations.ts';
export type * from '#generated/client/schemas.ts';
export {
  InvalidOptionError,
  InvalidRequestError,
  InvalidTokenError,
  NetworkError,
  TimedOutError,
  TokenRequestError,
  TransferClientError,
  UnexpectedAnswerError,
  UnsafeParameterError,
  type Problem,
} from './errors.ts';
export type { AnswerTo, EmptySuccess, OperationName, Refusal, Success, UndocumentedCode } from './operation.ts';
export type {
  HeaderValues,
  OutgoingRequest,
  RequestOptions,
  RequestSettings,
  TransferClientOptions,
  TransferFetch,
  Validation,
} from './options.ts';
export {
  clientCredentials,
  type ClientCredentials,
  type FetchedResponse,
  type TokenRequest,
  type TokenSource,
} from './tokens.ts';

/** The call that is transferred, who takes part, and where it goes. */
export type TransferRequest = Requests['transferPhoneCall'];
/** The call that is read. */
export type PhoneCallRequest = Requests['getPhoneCall'];
/** The extension whose calls are transferred, and where they all go. */
export type BulkTransferRequest = Requests['transferAllPhoneCalls'];

/** The answers to the transfer of one phone call. */
export type TransferAnswer = AnswerTo<'transferPhoneCall'>;
/** The answers to the reading of one phone call. */
export type PhoneCallAnswer = AnswerTo<'getPhoneCall'>;
/** The answers to the transfer of every phone call of an extension. */
export type BulkTransferAnswer = AnswerTo<'transferAllPhoneCalls'>;

/**
 * Makes a client for one installation.
 *
 * @throws InvalidOptionError or InvalidTokenError if the options cannot work.
 * @example
 * const client = createTransferClient({
 *   baseUrl: 'https://pbx.example.com',
 *   token: (refused) => (refused === undefined ? tokens.current() : tokens.renew()),
 * });
 */
export function createTransferClient(options: TransferClientOptions): TransferClient {
  const exchange = createExchange(options);
  const named = Object.entries<Operation>(methods).map(([name, operation]) => {
    const method = (request: object, requestOptions?: RequestOptions) => exchange(operation, request, requestOptions);
    return [name, method];
  });
  return Object.fromEntries(named) as TransferClient;
}

/**
 * **Moves every live call of the extension at once**, those of other people's conversations included; with the
 * extension `@self`, every call of every extension of the User. To move one call, use `transferPhoneCall`.
 *
 * It is a function and not a method of the client, so that it is never called by a slip.
 *
 * @throws What transferPhoneCall throws.
 * @example
 * await transferEveryPhoneCallOfTheExtension(
 *   { baseUrl: 'https://pbx.example.com', token },
 *   { userId: '@me', extension: '0003*210', sendCallTo: '0003*100', transferFromNumber: '0003*210' },
 * );
 */
export async function transferEveryPhoneCallOfTheExtension(
  clientOptions: TransferClientOptions,
  request: BulkTransferRequest,
  requestOptions?: RequestOptions,
): Promise<BulkTransferAnswer> {
  return createExchange(clientOptions)(transferAllPhoneCalls, request, requestOptions);
}

/**
 * Returns the phone calls of an answer that has one by itself or in a list, since installations differ in that.
 *
 * @example
 * const [call] = phoneCallsOf(answer.data);
 */
export function phoneCallsOf(data: PhoneCall | PhoneCallList): readonly PhoneCall[] {
  return 'entry' in data ? data.entry : [data];
}
