import { createTransferClient } from 'transfer-contract';
import { fetch, MockAgent } from 'undici';

const dispatcher = new MockAgent();
dispatcher.disableNetConnect();
dispatcher
  .get('http://pbx.example.com')
  .intercept({ path: '/uapi/phoneCalls/%40me/0003*210/b817d2618fe6f1804333', method: 'PUT' })
  .reply(200, { id: 'b817d2618fe6f1804333' });
const baseUrl = 'http://pbx.example.com';
const client = createTransferClient({ baseUrl, token: 'token', fetch, requestInit: { dispatcher } });
const call = { extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const answer = await client.transferPhoneCall({ ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' });
console.log(`moved ${answer.data?.id}`);
