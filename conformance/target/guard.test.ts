import { describe, expect, test } from 'vitest';
import type { SentRequest } from './exchange.ts';
import { assertHarmless, ForbiddenRequest, type Permission } from './guard.ts';

const permission: Permission = {
  basePath: '',
  sendTo: ['3235742879', '0003*100'],
  isNumber: (value) => typeof value === 'string' && /^(?:\+?[0-9]+|[0-9*]+)$/.test(value),
  bulk: false,
  loopback: false,
};
const root = '/uapi/phoneCalls';
const call = `${root}/12/0003*210/b817d2618fe6f1804333`;
const transfer = (members: object = { sendCallTo: '3235742879' }) => JSON.stringify({ action: 'Transfer', ...members });

function attempt(request: Partial<SentRequest>, permitted: Partial<Permission> = {}) {
  const complete = { method: 'PUT', path: call, headers: {}, body: transfer(), ...request };
  return () => assertHarmless(complete, { ...permission, ...permitted });
}

describe('lets through', () => {
  test.each([
    ['a transfer', {}],
    ['reading the call', { method: 'GET', body: undefined }],
    ['a slash at the end', { path: `${call}/` }],
    ['aliases', { path: `${root}/@me/@self/b817` }],
    ['encoded aliases', { path: `${root}/%40me/%40self/b817` }],
    ['an id that is malformed', { path: `${root}/12/0003*210/b817%20` }],
    ['a percent sign alone', { path: `${root}/12/0003*210/b817%zz` }],
    ['an encoded fragment behind an id', { path: `${call}%23x` }],
    ['a segment without meaning behind an id', { path: `${call}/x0` }],
    ['three dots, which name nothing else', { path: `${root}/12/0003*210/...` }],
    ['a dot inside', { path: `${root}/12/0003*210/b8.17` }],
    ['another number of the fixture', { body: transfer({ sendCallTo: '0003*100' }) }],
    ['what is no number', { body: transfer({ sendCallTo: '323x574' }) }],
    ['a number of the fixture with a blank', { body: transfer({ sendCallTo: '3235 742879' }) }],
    ['no number', { body: transfer({ sendCallTo: undefined }) }],
    ['a body that is no JSON', { body: 'Transfer' }],
    ['null', { body: 'null' }],
    ['no body', { body: undefined }],
    ['a member of a body in the query', { path: `${call}?action=Transfer` }],
    ['a token in the query', { path: `${call}?access_token=x0` }],
    ['a number of the fixture in the query', { path: `${call}?sendCallTo=0003*100` }],
  ])('%s', (_, request) => {
    expect(attempt(request, { members: ['action', 'sendCallTo'] })).not.toThrow();
  });
});

const collapsing = [
  '',
  ...'. .. %2e %2E %2e%2e %2E%2e .%2e %2e. b8%2f17 b8%2F17 b8%5c17 b8%00 %252e%252e %252E. %20.. %0D%0A'.split(' '),
  ...'.%09. b8%252f17 b8%255c17 b8%3f17 b8%23 ;a=b ..;a=b %2e; %EF%BC%8E %E2%80%A5 %EF%BC%8F'.split(' '),
];
const places = ['user', 'extension', 'call'] as const;

describe.each(places)('refuses as the %s the segment', (place) => {
  test.each(collapsing)('%o', (segment) => {
    const path = [root, ...places.map((other) => (other === place ? segment : 'b817'))].join('/');
    expect(attempt({ path })).toThrow(ForbiddenRequest);
    expect(attempt({ path: `${path}/` })).toThrow(ForbiddenRequest);
  });
});

describe('refuses', () => {
  test.each([
    ['no phoneCallId', `${root}/12/0003*210`],
    ['no phoneCallId before a slash', `${root}/12/0003*210/`],
    ['no extension', `${root}/12`],
    ['nothing behind the root', `${root}/`],
    ['the root', root],
    ['a segment too many', `${call}/b817`],
    ['two slashes at the end', `${call}//`],
    ['a query', `${call}?all`],
    ['a fragment', `${call}#all`],
    ['an encoded fragment behind an extension', `${root}/12/0003*210%23x/b817`],
    ['an encoded fragment in place of an id', `${root}/12/0003*210/%23x`],
    ['another segment behind an id', `${call}/hold`],
    ['a segment behind a blank', `${root}/12/0003*210/%20/x0`],
    ['an encoded fragment behind a blank', `${root}/12/0003*210/%20%23x`],
    ['a backslash', `${call}\\..`],
    ['a blank', `${call} HTTP/1.1`],
    ['a line break', `${call}\r\nHost: pbx`],
    ['another path', '/uapi/faxes/12/0003*210/b817'],
    ['a path that leaves the root', '/uapi/phoneCalls/../faxes/12/0003*210/b817'],
    ['an absolute URL', `http://pbx.example.com${call}`],
    ['another base path', `/api${call}`],
  ])('%s', (_, path) => {
    expect(attempt({ path })).toThrow(ForbiddenRequest);
  });

  test.each(['sendCallTo=911', 'sendCallTo=3235742879=1', 'sendCallTo=3235742879&sendCallTo=911', 'sendTo=0003*100'])(
    'the query %s',
    (query) => {
      expect(attempt({ path: `${call}?${query}` }, { members: ['sendCallTo'] })).toThrow(/a query that the contract/);
    },
  );

  test.each(['POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'put', ''])('the method %o', (method) => {
    expect(attempt({ method })).toThrow(/a method that the contract does not have\.$/);
  });

  test.each(['911', '+13235742879', '3235742878', '0003*024'])('to send the call to %s', (sendCallTo) => {
    expect(attempt({ body: transfer({ sendCallTo }) })).toThrow(
      `The suite was about to send PUT ${call}, whose sendCallTo ${sendCallTo} is no number of the fixture.`,
    );
  });

  test.each([
    ['in other capitals', '{"SENDCALLTO":"911"}'],
    ['with escapes', String.raw`{"sendCall\u0054o":"\u0039\u0031\u0031"}`],
    ['in a list', '[{"sendCallTo":["911"]}]'],
    ['as a JSON number', '{"sendCallTo":9.11e2}'],
    ['with separators', '{"sendCallTo":"(9) 1-1."}'],
    ['with a scheme', '{"sendCallTo":"tel:911"}'],
    ['in JSON that only some can read', "{sendCallTo:'911',}"],
    ['in a form', 'action=Transfer&sendCall%54o=%39%31%31&transferFromNumber=1'],
  ])('to send the call to another number %s', (_, body) => {
    expect(attempt({ body })).toThrow(/whose sendCallTo 911 is no number of the fixture\.$/);
  });

  test('to name the number twice, since servers differ in which they take', () => {
    const body = '{"action":"Transfer","sendCallTo":"911","sendCallTo":"3235742879"}';
    expect(attempt({ body })).toThrow(/names sendCallTo more than once\.$/);
  });

  test('a number with more digits than JavaScript keeps', () => {
    const sendTo = ['12345678901234567000'];
    expect(attempt({ body: '{"sendCallTo":12345678901234567890}' }, { sendTo })).toThrow(ForbiddenRequest);
  });

  test.each(['X-HTTP-Method-Override', 'x-original-url', 'Content-Length', 'transfer-encoding', 'host'])(
    'the header %s',
    (name) => {
      expect(attempt({ headers: { authorization: 'Bearer a', [name]: '1' } })).toThrow(
        /could make another request of it\.$/,
      );
    },
  );

  test('any number where the fixture has none', () => {
    expect(attempt({}, { sendTo: [] })).toThrow(ForbiddenRequest);
  });

  test('reading with a path that collapses', () => {
    expect(attempt({ method: 'GET', path: `${root}/12/0003*210/..`, body: undefined })).toThrow(ForbiddenRequest);
  });
});

describe('in the profile bulk', () => {
  test.each([`${root}/12/0003*210`, `${root}/12/0003*210/`])('lets %s through', (path) => {
    expect(attempt({ path }, { bulk: true })).not.toThrow();
  });

  test.each([`${root}/12`, `${root}/12/`, `${root}/12/..`, `${root}//0003*210`, `${root}/12/0003*210//`])(
    'refuses %s',
    (path) => {
      expect(attempt({ path }, { bulk: true })).toThrow(ForbiddenRequest);
    },
  );
});

describe('a blank at the end of a path', () => {
  const blank = ['%20', '+', '%2B', '%2520', '%C2%A0', '%E2%80%8B', '%E2%80%AF%20', '%20;a=b'];
  test.each(blank)('%s is let through to this machine only', (segment) => {
    const path = `${root}/12/0003*210/${segment}`;
    expect(attempt({ path }, { loopback: true })).not.toThrow();
    expect(attempt({ path })).toThrow(', with a blank at its end, which may move every call.');
    expect(attempt({ path: `${root}/12/${segment}/` }, { bulk: true })).toThrow(ForbiddenRequest);
  });
});

describe('below a base path', () => {
  test('lets through what is below it', () => {
    expect(attempt({ path: `/api/v1${call}` }, { basePath: '/api/v1' })).not.toThrow();
  });

  test.each([call, `/api${call}`, `/api/v1/v1${call}`, `/api/v1/../..${call}`])('refuses %s', (path) => {
    expect(attempt({ path }, { basePath: '/api/v1' })).toThrow(ForbiddenRequest);
  });
});

describe('of other operations of the contract,', () => {
  const operations = [
    { method: 'GET', path: '/uapi/accounts/{accountId}' },
    { method: 'PUT', path: '/uapi/{kind}/{id}/{name}' },
    { method: 'DELETE', path: '/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}' },
  ];
  const ask = (path: string, method = 'GET') => attempt({ method, path, body: undefined }, { operations });

  test('readings are let through, and others on this machine only', () => {
    expect(ask('/uapi/accounts/0815')).not.toThrow();
    expect(ask(call, 'DELETE')).toThrow(ForbiddenRequest);
    const onThisMachine = { operations, loopback: true };
    expect(attempt({ method: 'DELETE', body: undefined }, onThisMachine)).not.toThrow();
    expect(attempt({ path: `${root}/12/0003*210` }, onThisMachine)).toThrow(/moves every call of the extension/);
    expect(attempt({ method: 'DELETE', body: transfer({ sendCallTo: '911' }) }, onThisMachine)).toThrow(/no number/);
  });

  test.each([
    '/uapi/accounts/%2e%2e',
    '/uapi/accounts/',
    '/uapi/accounts/a%2fb',
    '/uapi/others/1',
    '/uapi/accounts/1/2',
  ])('none is read at %s', (path) => expect(ask(path)).toThrow(ForbiddenRequest));
});
