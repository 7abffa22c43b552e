import { describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { callsIn, exampleFixture } from './fixture.ts';

test('the fixture of the examples is the call that the contract shows, and the numbers that it sends it to', () => {
  expect(exampleFixture(readContract())).toMatchObject({
    user: '12',
    extension: '0003*210',
    call: 'b817d2618fe6f1804333',
    sendTo: ['3235742879', '3334444', '+13235742879', '0003*100'],
    from: '0003*024',
    number: '0003*210',
    otherCalls: [],
    spareCalls: [
      { extension: '0003*210', call: 'c4d90aa1b7e25f604418' },
      { extension: '0003*211', call: '9f3e51d07ab8426c1177' },
    ],
  });
});

describe('the calls in', () => {
  test.each([
    ['a PhoneCall', { id: 'b817' }, ['b817']],
    ['a list', { entry: [{ id: 'b817' }, { id: 'c4d9' }] }, ['b817', 'c4d9']],
    ['a list with what is no PhoneCall', { entry: ['b817', null, { id: 'c4d9' }] }, ['c4d9']],
    ['a list that has an id itself', { id: 'list', entry: [{ id: 'b817' }] }, ['b817']],
    ['an empty list', { entry: [] }, []],
    ['an array', [{ id: 'b817' }], []],
    ['an error response', { error: { code: 'access_denied' } }, []],
    ['an object whose id is a number', { id: 1 }, []],
    ['null', null, []],
    ['a text', 'b817', []],
  ])('%s', (_, body, ids) => {
    expect(callsIn(body).map(({ id }) => id)).toEqual(ids);
  });
});
