import { join } from 'node:path';
import process from 'node:process';
import { createTransferClient } from '../../../generated/client/index.ts';
import { commandOf } from '../../package/install.ts';
import { divide, type Part } from './figures.ts';
import { measureInTurns, root, runScript, type Context } from './measure.ts';

/** Measures generation against the tools that it is made of, each run by its command. */
export async function measureGeneration({ rounds: count, folder }: Context): Promise<Part> {
  const [own, tools] = ['npm run generate', 'its tools, one after the other'];
  const bundle = join(folder, 'bundle.json');
  const redocly = commandOf(root, '@redocly/cli', 'redocly');
  const rules = ['--config', 'spec/redocly.yaml', 'spec/openapi.yaml'];
  const commands = [
    [redocly, 'lint', ...rules],
    [redocly, 'bundle', ...rules, '--output', bundle],
    [commandOf(root, 'openapi-typescript', 'openapi-typescript'), bundle, '--output', join(folder, 'types.ts')],
    [commandOf(root, '@hey-api/openapi-ts', 'openapi-ts'), '--input', bundle, '--output', join(folder, 'client')],
  ];
  const script = ['--import', './scripts/require-node.mjs', 'scripts/generate.ts', '--out', join(folder, 'generated')];
  const rounds = await measureInTurns(
    {
      [own]: async () => ({ wall: (await runScript(script)).wall }),
      [tools]: async () => {
        let wall = 0;
        for (const command of commands) wall += (await runScript(command)).wall;
        return { wall };
      },
    },
    count,
  );
  return {
    title: 'Generation: from the contract to everything that follows',
    method: 'Wall time of whole processes, without npm: redocly lint and bundle, openapi-typescript and openapi-ts.',
    rounds,
    ratios: [{ says: `${own} to ${tools}`, values: divide(rounds, 'wall', own, tools), goal: { atMost: 1.3 } }],
  };
}

/** Measures the processor time of a transfer by the client, against fetch alone. */
export async function measureClient({ rounds: count, server: { url } }: Context): Promise<Part> {
  const [own, raw] = ['the client', 'raw fetch'];
  const path = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
  const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };
  const client = createTransferClient({ baseUrl: url, token: 'token' });
  const rounds = await measureInTurns(
    {
      [raw]: () =>
        measureCalls(async () => {
          const response = await fetch(`${url}/uapi/phoneCalls/${Object.values(path).join('/')}`, {
            method: 'PUT',
            headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
            body: JSON.stringify({ action: 'Transfer', ...parties }),
          });
          await response.json();
          return response.ok;
        }),
      [own]: () => measureCalls(async () => (await client.transferPhoneCall({ ...path, ...parties })).ok),
    },
    count,
  );
  return {
    title: 'The client: processor time per transfer',
    method: '1,000 transfers one after the other, all threads of the process.',
    rounds,
    ratios: [{ says: `${own} to ${raw}`, values: divide(rounds, 'cpu per call', own, raw), goal: { atMost: 1.3 } }],
  };
}

async function measureCalls(call: () => Promise<boolean>) {
  const before = process.cpuUsage();
  for (let count = 0; count < 1000; count++) {
    if (!(await call())) throw new Error('A transfer to the plain server was not answered with a success.');
  }
  const { user, system } = process.cpuUsage(before);
  return { 'cpu per call': (user + system) / 1000 };
}
