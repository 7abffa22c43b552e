import createClient from 'openapi-fetch';
import type { paths } from 'transfer-contract/types';

declare const process: { readonly env: Readonly<Record<string, string>> };

const client = createClient<paths>({
  baseUrl: process.env['BASE_URL'] ?? '',
  headers: { authorization: 'Bearer token' },
});
const { data } = await client.PUT('/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}', {
  params: { path: { userId: '@me', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' } },
  body: { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' },
});
console.log(`moved ${data?.id}`);
