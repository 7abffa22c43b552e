import type { TransferClient } from 'transfer-contract';

/** A call, and who transfers it. */
export interface Transferable {
  readonly extension: string;
  readonly phoneCallId: string;
  readonly transferFromNumber: string;
}

/**
 * Sends a call to the first of some texts that the telephone system accepts as a number.
 *
 * @returns The number; undefined if none is one, or the call has ended meanwhile.
 * @throws Error if the telephone system refuses for another reason.
 */
export async function sendToFirst(
  client: TransferClient,
  call: Transferable,
  numbers: readonly string[],
): Promise<string | undefined> {
  for (const sendCallTo of numbers) {
    const answer = await client.transferPhoneCall({ userId: '@me', ...call, sendCallTo });
    if (answer.ok) return sendCallTo;
    if (answer.status !== 400) throw new Error(answer.error.message);
    if (answer.error.code === 'pc_phoncall_invalid') return undefined;
    if (answer.error.code !== 'pc_sendcallto_invalid') throw new Error(answer.error.message);
  }
  return undefined;
}
