import { readContract } from '../../../conformance/contract/contract.ts';
import { startMock } from '../../../conformance/mock/mock.ts';
import { startProxiedMock, withEveryMember } from '../servers/proxied.ts';
import { makeControl, type UnusualServer } from '../servers/server.ts';
import { answers } from './answers.ts';
import { refusals } from './refusals.ts';
import { transport } from './transport.ts';

const startWith = (options: { extraCalls?: number }) =>
  startMock({ contract: readContract(), tokens: ['proof-token'], ...options });

/** The mock. What is unusual about answers is tried on the plain server: the suite sees the answers only. */
const mocks: readonly (readonly [name: string, says: string, start: UnusualServer['start']])[] = [
  ['as-it-is', 'Nothing is unusual about it.', () => startWith({})],
  ['extra-calls', 'It knows 50 more calls.', () => startWith({ extraCalls: 50 })],
  ['mounted-below-a-path', 'It is mounted below /pbx/v1.', () => startProxiedMock({}, '/pbx/v1')],
  [
    'all-members',
    'Every call has every member that is documented.',
    () => startProxiedMock({ answer: withEveryMember }),
  ],
];

/** Every correct but unusual server. */
export const unusualServers: readonly UnusualServer[] = [
  ...[...answers, ...refusals, ...transport].map(makeControl),
  ...mocks.map(([name, says, start]) => ({ id: `mock/${name}`, says, implementation: 'mock', start })),
];
