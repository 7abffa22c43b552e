import { createTransferClient } from 'transfer-contract';

export async function move(baseUrl, options = {}) {
  const client = createTransferClient({ baseUrl, token: 'token', ...options });
  const call = { extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
  const answer = await client.transferPhoneCall({ ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' });
  return answer.ok ? `moved ${answer.data.id}` : answer.error.code;
}
