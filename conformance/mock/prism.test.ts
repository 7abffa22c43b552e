import {
  createInstance,
  getHttpOperationsFromSpec,
  type IHttpConfig,
  type IHttpRequest,
  type PrismHttpComponents,
} from '@stoplight/prism-http';
import { beforeAll, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import { prismOf, type Judgement, type MockRequest } from './prism.ts';
import { readTarget } from './target.ts';

const contract = readContract();
const configuration = { isProxy: false, checkSecurity: true, validateRequest: true, mock: { dynamic: false } };
const silent = { child: () => silent } as unknown as PrismHttpComponents['logger'];

/** What Prism says of a request that it is given as a whole. */
let wholly: (request: IHttpRequest) => Promise<Pick<Judgement, 'findings'> | undefined>;
/** What the mock has Prism say of it. */
let inParts: (request: MockRequest) => Promise<Judgement | undefined>;

beforeAll(async () => {
  const resources = await getHttpOperationsFromSpec(structuredClone(contract.document));
  const mock: PrismHttpComponents['mock'] =
    ({ input }) =>
    () => ({ _tag: 'Right', right: { findings: input.validations } as never });
  const instance = createInstance(configuration as IHttpConfig, { logger: silent, mock } as PrismHttpComponents);
  wholly = async (request) => {
    const outcome = await instance.request(request, resources)();
    return outcome._tag === 'Right' ? (outcome.right.output as unknown as Judgement) : undefined;
  };
  const prism = await prismOf(contract);
  let judged: Judgement | undefined;
  const answer = prism.answering((judgement) => {
    judged = judgement;
    return { statusCode: 200, headers: {}, body: undefined };
  });
  inParts = async (request) => {
    judged = undefined;
    await answer(request);
    return judged;
  };
});

const call = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
const valid = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };

function requestOf(
  method: string,
  url: string,
  body?: JsonValue,
  { authorization = 'Bearer token', 'content-type': mediaType = 'application/json' }: Record<string, string> = {},
): MockRequest {
  const target = readTarget(url);
  const length = body === undefined ? 0 : JSON.stringify(body).length;
  return {
    method: method.toLowerCase() as MockRequest['method'],
    url: { path: target.path, query: target.query },
    target,
    headers: {
      ...(authorization !== '' && { authorization }),
      ...(mediaType !== '' && { 'content-type': mediaType }),
      'content-length': String(length),
    },
    body,
    bodyIsUnreadable: false,
  };
}

test.each<[string, MockRequest]>([
  ['a valid transfer', requestOf('PUT', call, valid)],
  ['one of all calls', requestOf('PUT', '/uapi/phoneCalls/12/0003*210', valid)],
  ['one whose number is none', requestOf('PUT', call, { ...valid, sendCallTo: 'nobody' })],
  ['one with several faults', requestOf('PUT', '/uapi/phoneCalls/!/x/%20', { action: 'Park', sendCallTo: 5 })],
  ['one without a property', requestOf('PUT', call, { action: 'Transfer' })],
  ['one with a list for a body', requestOf('PUT', call, [valid])],
  ['one with null for a body', requestOf('PUT', call, null)],
  ['one without a body', requestOf('PUT', call)],
  ['one of another media type', requestOf('PUT', call, valid, { 'content-type': 'text/plain' })],
  ['one of no media type', requestOf('PUT', call, valid, { 'content-type': '' })],
  ['one with a longer body', requestOf('PUT', call, { ...valid, more: 'x'.repeat(2000) })],
  ['one without authorization', requestOf('PUT', call, valid, { authorization: '' })],
  ['one with other authorization, and more faults', requestOf('PUT', `${call}!`, {}, { authorization: 'Basic x' })],
  ['a reading', requestOf('GET', call)],
  ['a reading with a body', requestOf('GET', call, valid)],
  ['a reading of what is none', requestOf('GET', '/uapi/phoneCalls/12/0003*210/!')],
  ['a method that the contract does not have', requestOf('DELETE', call)],
  ['a path that the contract does not have', requestOf('PUT', '/uapi/faxes/12', valid)],
])('Prism, asked in parts, says of %s what it says of the whole', async (_, request) => {
  const [whole, parts] = [await wholly(request), await inParts(request)];
  expect(parts === undefined).toBe(whole === undefined);
  expect(parts?.findings.length).toBe(whole?.findings.length);
  expect(parts?.findings ?? []).toEqual(expect.arrayContaining([...(whole?.findings ?? [])]));
  // Remembered, it says the same.
  expect((await inParts(request))?.findings).toEqual(parts?.findings);
});
