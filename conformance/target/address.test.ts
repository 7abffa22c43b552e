import { expect, test } from 'vitest';
import { addressOf } from './address.ts';

test.each([
  ['/uapi/phoneCalls/12/0003*210/b817', '12', '0003*210', 'b817'],
  ['/uapi/phoneCalls/12/0003*210/b817/', '12', '0003*210', 'b817'],
  ['/uapi/phoneCalls/%40me/%40self/b%38%317', '@me', '@self', 'b817'],
  ['/api/v1/uapi/phoneCalls/12/0003*210/b817', '12', '0003*210', 'b817'],
  ['/uapi/phoneCalls/12/0003*210/b817%zz', '12', '0003*210', 'b817%zz'],
  ['/uapi/phoneCalls/12/0003*210', '12', '0003*210', undefined],
])('the request %s is about %s, %s and %s', (path, user, extension, call) => {
  expect(addressOf({ method: 'PUT', path, headers: {}, body: undefined })).toEqual({ user, extension, call });
});
