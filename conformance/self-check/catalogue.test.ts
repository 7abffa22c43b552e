import { describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import type { CallReading, Exchange } from '../target/exchange.ts';
import { wrongAnswers } from './catalogue.ts';

const catalogue = wrongAnswers(readContract());

const path = '/uapi/phoneCalls/@me/0003*210/b817d2618fe6f1804333';
const action = {
  action: 'Transfer',
  sendCallTo: '0003*100',
  transferFromNumber: '0003*024',
  transferNumber: '0003*210',
};
const call = { id: 'b817d2618fe6f1804333', extension: '0003*210', link: { self: path } };
const at = (...destinations: string[]): CallReading => ({
  outcome: 'read',
  sources: [],
  destinations,
  description: 'read',
});

function exchange(method: string, status: number, value: JsonValue, body?: JsonValue): Exchange {
  const text = JSON.stringify(value);
  return {
    request: {
      method,
      path,
      headers: { authorization: 'Bearer t0ken', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    },
    response: {
      status,
      headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) },
      body: { length: Buffer.byteLength(text), text, json: { value }, problem: undefined },
      duration: 1,
    },
    failure: undefined,
    readings: {
      before: at('0003*024'),
      after: at('0003*100'),
      sentTo: ['0003*100'],
      others: [{ extension: '0003*210', call: 'c4d9', before: at('1'), after: at('1'), sentTo: [] }],
    },
  };
}

const refused = { error: { code: 'pc_sendcallto_invalid', message: 'sendCallTo is invalid.' } };
const exchanges = {
  transfer: exchange('PUT', 200, call, action),
  refusal: exchange('PUT', 400, refused, { ...action, sendCallTo: '' }),
  reading: exchange('GET', 200, { entry: [call] }),
};
const changes = Object.values(exchanges).flatMap((original) =>
  catalogue.flatMap(({ id, change }) => {
    const changed = change(original);
    return changed === undefined ? [] : [{ id, original, changed }];
  }),
);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

test('there are enough wrong answers, each with a unique id, a sentence and what it needs', () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(250);
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  for (const { id, says, needs } of catalogue) {
    expect(id).toMatch(/^[A-Za-z_-]+\/[A-Za-z0-9_-]+$/);
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(needs).toMatch(/^[a-z].*[^.]$/);
  }
});

test('the same exchange is always changed in the same way, and stays as it was', () => {
  const before = JSON.stringify(exchanges);
  for (const { id, original, changed } of changes) {
    expect(catalogue.find((wrongAnswer) => wrongAnswer.id === id)?.change(original), id).toEqual(changed);
  }
  expect(JSON.stringify(exchanges)).toBe(before);
});

test('a changed body is one that could have been received', () => {
  for (const { id, changed } of changes) {
    const { response, failure } = changed;
    expect(response === undefined, id).toBe(failure !== undefined);
    if (response === undefined || id.endsWith('/nested') || id.endsWith('/not-utf-8')) continue;
    const { text, length, json, problem } = response.body;
    expect(length, id).toBe(Buffer.byteLength(text));
    expect(problem === undefined, id).toBe(json !== undefined);
    expect(parsed(text), id).toEqual(json?.value);
    // A 204 may declare the length of a body that it must not have.
    const declared = response.status === 204 ? undefined : response.headers['content-length'];
    expect(declared ?? String(length), id).toBe(String(length));
  }
});

describe('changes what it concerns, and nothing else', () => {
  const idsOf = (original: Exchange) => changes.filter((row) => row.original === original).map(({ id }) => id);

  test.each([
    ['transfer', 'transfer/status-201', 'refusal/flat'],
    ['transfer', 'transfer/id-unknown', 'reading/id-unknown'],
    ['transfer', 'refuses/userId-me', 'refuses/userId-viewer'],
    ['transfer', 'refuses/to-extension', 'refuses/to-public-number'],
    ['transfer', 'effects/nothing-moves-any', 'effects-of-pc_sendcallto_invalid/moves'],
    ['refusal', 'code-pc_sendcallto_invalid/upper-case', 'code-user_invalid/upper-case'],
    ['refusal', 'accepts-sendCallTo/empty', 'accepts-sendCallTo/missing'],
    ['refusal', 'effects-of-pc_sendcallto_invalid/moves', 'effects/nothing-moves-any'],
    ['refusal', 'refusal/message-missing', 'unauthorized/message-missing'],
    ['reading', 'reading/entry-empty', 'transfer/empty-object'],
    ['reading', 'message/readings-closed', 'message/transfers-closed'],
  ] as const)('%s: %s, not %s', (name, own, other) => {
    expect(idsOf(exchanges[name])).toContain(own);
    expect(idsOf(exchanges[name])).not.toContain(other);
  });

  test('a call that is not read moves nowhere', () => {
    const unread: CallReading = { outcome: 'unsupported', sources: [], destinations: [], description: '404' };
    const { readings, ...rest } = exchanges.transfer;
    const readless = { ...rest, readings: readings && { ...readings, before: unread, after: unread } };
    const ids = catalogue.filter(({ change }) => change(readless) !== undefined).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('effects'))).toEqual([]);
  });
});
