import axios from 'axios';
import type { PhoneCall, PhoneCallAction } from 'transfer-contract/types';

declare const process: { readonly env: Readonly<Record<string, string>> };

const action: PhoneCallAction = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };
const address = `${process.env['BASE_URL']}/uapi/phoneCalls/@me/0003*210/b817d2618fe6f1804333`;
const { data } = await axios.put<PhoneCall>(address, action, { headers: { authorization: 'Bearer token' } });
console.log(`moved ${data.id}`);
