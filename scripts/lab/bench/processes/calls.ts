import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { createTransferClient } from '../../../../generated/client/index.ts';

/** A request that is answered with a success. */
type Call = () => Promise<unknown>;

interface OpenapiFetch {
  default(options: object): { PUT(path: string, request: object): Promise<{ data?: unknown }> };
}

// A process of its own: makes calls with one client, one after the other, and tells the processor time of each.
const [name = '', url = '', installed = '', count = '3000'] = process.argv.slice(2);
// The other client comes as its CommonJS build, since imports would be looked for in this repository.
const load = createRequire(pathToFileURL(installed));
const path = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };
const body = { action: 'Transfer', ...parties };
const template = '/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}';
const authorization = 'Bearer token';

const callers: Readonly<Record<string, () => Call>> = {
  'raw fetch': () => async () => {
    const { userId, extension, phoneCallId } = path;
    const response = await fetch(`${url}/uapi/phoneCalls/${userId}/${extension}/${phoneCallId}`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.ok ? response.json() : undefined;
  },
  'transfer-contract': () => {
    const client = createTransferClient({ baseUrl: url, token: 'token' });
    return async () => (await client.transferPhoneCall({ ...path, ...parties })).ok || undefined;
  },
  'openapi-fetch': () => {
    const { default: createClient } = load('openapi-fetch') as OpenapiFetch;
    const client = createClient({ baseUrl: url, headers: { authorization } });
    return async () => (await client.PUT(template, { params: { path }, body })).data;
  },
};

const call = callers[name]?.();
if (call === undefined)
  throw new Error(`There is no client ${name}: expected one of ${Object.keys(callers).join(', ')}.`);
await repeat(500, call);
const before = process.cpuUsage();
await repeat(Number(count), call);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / Number(count)));

async function repeat(times: number, one: Call): Promise<void> {
  for (let made = 0; made < times; made++) {
    if ((await one()) === undefined) throw new Error(`A call of ${name} was not answered with a success.`);
  }
}
