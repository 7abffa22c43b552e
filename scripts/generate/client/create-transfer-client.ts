import { getPhoneCall, transferPhoneCall } from '../../../generated/client/sdk.gen.ts';
import type { operations, PhoneCallAction } from '../../../generated/types.ts';
import type { OperationName, PhoneCallAnswer, TransferAnswer } from './answer.ts';
import { createExchange } from './exchange.ts';
import type { RequestOptions, TransferClientOptions } from './options.ts';
import { retry } from './retry.ts';

type PathOf<Operation extends OperationName> = Readonly<operations[Operation]['parameters']['path']>;

/** Which call is transferred, who takes part, and where it goes. */
export type TransferRequest = PathOf<'transferPhoneCall'> & Readonly<Omit<PhoneCallAction, 'action'>>;

/** Which call is read. */
export type PhoneCallRequest = PathOf<'getPhoneCall'>;

/** A client of one installation. */
export interface TransferClient {
  /**
   * Transfers one phone call.
   *
   * @returns The answer, one of those that the contract documents.
   * @throws UnsafeParameterError before anything is sent, if a parameter would make the path another one.
   * @throws NetworkError or TimedOutError if no answer came: read the call to see whether it moved.
   * @throws UnexpectedAnswerError if an answer came that the contract does not have.
   * @example
   * const answer = await client.transferPhoneCall({
   *   userId: '@me',
   *   extension: '0003*210',
   *   phoneCallId: 'b817d2618fe6f1804333',
   *   sendCallTo: '3235742879',
   *   transferFromNumber: '0003*024',
   * });
   * if (answer.status === 400 && answer.error.code === 'pc_phoncall_invalid') console.log('The call has ended.');
   */
  transferPhoneCall(request: TransferRequest, options?: RequestOptions): Promise<TransferAnswer>;

  /**
   * Reads one phone call, and does so again, a few times, if no answer comes.
   *
   * @returns The answer, one of those that the contract documents.
   * @throws What transferPhoneCall throws.
   * @example
   * const answer = await client.getPhoneCall({ userId: '@me', extension: '@self', phoneCallId: 'b817d2618fe6f1804333' });
   * if (answer.status === 200) for (const call of phoneCallsOf(answer.data)) console.log(call.id, call.phoneCallView);
   */
  getPhoneCall(request: PhoneCallRequest, options?: RequestOptions): Promise<PhoneCallAnswer>;
}

/**
 * Makes a client for one installation.
 *
 * @example
 * const client = createTransferClient({
 *   baseUrl: 'https://pbx.example.com',
 *   token: (refused) => (refused === undefined ? tokens.current() : tokens.renew()),
 * });
 */
export function createTransferClient(options: TransferClientOptions): TransferClient {
  const exchange = createExchange(options);
  const times = options.retry ?? 2;
  return {
    transferPhoneCall({ userId, extension, phoneCallId, ...parties }, requestOptions) {
      const path = { userId, extension, phoneCallId };
      const body = { action: 'Transfer', ...parties } as const;
      const send = (how: object) => transferPhoneCall({ ...how, path, body });
      return exchange({ operation: 'transferPhoneCall', path, body, send }, requestOptions);
    },
    getPhoneCall({ userId, extension, phoneCallId }, requestOptions) {
      const path = { userId, extension, phoneCallId };
      const send = (how: object) => getPhoneCall({ ...how, path });
      return retry(() => exchange({ operation: 'getPhoneCall', path, send }, requestOptions), {
        times,
        signal: requestOptions?.signal,
      });
    },
  };
}
