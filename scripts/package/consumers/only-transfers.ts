import { createTransferClient } from 'transfer-contract';

const client = createTransferClient({ baseUrl: 'https://pbx.example.com', token: 'token' });
const answer = await client.transferPhoneCall({
  userId: '@me',
  extension: '0003*210',
  phoneCallId: 'b817d2618fe6f1804333',
  sendCallTo: '3235742879',
  transferFromNumber: '0003*024',
});
console.log(answer.status);
