import { fetch as undiciFetch, MockAgent } from 'undici';
import { move } from './move.mjs';

const dispatcher = new MockAgent();
dispatcher.disableNetConnect();
dispatcher
  .get('http://pbx.example.com')
  .intercept({ path: '/uapi/phoneCalls/%40me/0003*210/b817d2618fe6f1804333', method: 'PUT' })
  .reply(200, { id: 'b817d2618fe6f1804333' });
const fetch = (request, settings) => undiciFetch(request, { ...settings, dispatcher });
console.log(await move('http://pbx.example.com', { fetch }));
