import { expect, test } from 'vitest';
import { addressOf, decoded } from './address.ts';

test.each([
  ['/uapi/phoneCalls/12/0003*210/b817', '0003*210', 'b817'],
  ['/uapi/phoneCalls/12/0003*210/b817/', '0003*210', 'b817'],
  ['/uapi/phoneCalls/%40me/%40self/b%38%317', '@self', 'b817'],
  ['/api/v1/uapi/phoneCalls/12/0003*210/b817', '0003*210', 'b817'],
  ['/uapi/phoneCalls/12/0003*210/b817%zz', '0003*210', 'b817%zz'],
  ['/uapi/phoneCalls/12/0003*210', '0003*210', undefined],
])('the request %s is about %s and %s', (path, extension, call) => {
  expect(addressOf({ method: 'PUT', path, headers: {}, body: undefined })).toEqual({ extension, call });
});

test.each([
  ['%40me', '@me'],
  ['a%2Fb', 'a/b'],
  ['%zz', '%zz'],
  ['%ff', '%ff'],
  ['', ''],
])('%o decodes to %o', (segment, text) => {
  expect(decoded(segment)).toBe(text);
});
