import type { ErrorResponse, operations, PhoneCall } from 'transfer-contract/types';

const call: PhoneCall = { id: 'b817d2618fe6f1804333' };
const refusal: ErrorResponse = { error: { code: 'token_expired', message: 'The token has expired.' } };
const path: operations['getPhoneCall']['parameters']['path'] = {
  userId: '12',
  extension: '@self',
  phoneCallId: call.id,
};
// @ts-expect-error A phone call has an id.
const nameless: PhoneCall = {};
console.log(Object.keys(path).length, refusal.error.code, Object.keys(nameless).length);
