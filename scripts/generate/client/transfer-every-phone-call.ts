import { transferAllPhoneCalls } from '../../../generated/client/sdk.gen.ts';
import type { operations, PhoneCallAction } from '../../../generated/types.ts';
import type { BulkTransferAnswer } from './answer.ts';
import { createExchange } from './exchange.ts';
import type { RequestOptions, TransferClientOptions } from './options.ts';

/** Whose calls are transferred, and where they all go. */
export type BulkTransferRequest = Readonly<operations['transferAllPhoneCalls']['parameters']['path']> &
  Readonly<Omit<PhoneCallAction, 'action'>>;

/**
 * **Moves every live call of the extension at once**, those of other people's conversations included; with the
 * extension `@self`, every call of every extension of the User. To move one call, use `transferPhoneCall`.
 *
 * It is a function of its own, and no method of the client, so that nobody calls it by a slip.
 *
 * @throws What transferPhoneCall throws.
 * @example
 * await transferEveryPhoneCallOfTheExtension(
 *   { baseUrl: 'https://pbx.example.com', token },
 *   { userId: '@me', extension: '0003*210', sendCallTo: '0003*100', transferFromNumber: '0003*210' },
 * );
 */
export function transferEveryPhoneCallOfTheExtension(
  clientOptions: TransferClientOptions,
  { userId, extension, ...parties }: BulkTransferRequest,
  requestOptions?: RequestOptions,
): Promise<BulkTransferAnswer> {
  const path = { userId, extension };
  const body = { action: 'Transfer', ...parties } as const;
  const send = (how: object) => transferAllPhoneCalls({ ...how, path, body });
  return createExchange(clientOptions)({ operation: 'transferAllPhoneCalls', path, body, send }, requestOptions);
}
