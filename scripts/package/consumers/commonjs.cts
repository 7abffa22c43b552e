import { createTransferClient, errorCodes, type TransferAnswer } from 'transfer-contract';
import type { PhoneCall } from 'transfer-contract/types';
import { answerProblems } from 'transfer-contract/validators';

declare const process: { readonly env: Readonly<Record<string, string>> };

const client = createTransferClient({ baseUrl: process.env['BASE_URL'] ?? '', token: 'token' });
const call = { extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333', transferNumber: undefined };
const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };
void client.transferPhoneCall({ ...call, ...parties }).then((answer: TransferAnswer) => {
  const moved: PhoneCall | undefined = answer.data;
  console.log(`moved ${moved?.id}`, errorCodes.length > 5, answerProblems('getPhoneCall', 200, moved).length);
});
