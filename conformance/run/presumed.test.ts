import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { documented, type Call, type Switchboard } from '../../scripts/lab/servers/plain/documented.ts';
import { defaultOptions, type NamedOptions } from '../cli/options.ts';
import { findPlace, openTarget } from '../cli/target.ts';
import { examineTarget, suite } from './testing/examine.ts';
import { servePlain } from '../testing/servers.ts';

const call = 'b817d2618fe6f1804333';

/** A call that a user names in full. */
const named: NamedOptions = {
  user: '12',
  extension: '0003*210',
  call,
  from: '0003*024',
  number: '0003*210',
  sendTo: ['3235742879', '3334444', '0003*100', '+13235742879'],
};

/** Lets the switchboard of a server have some calls only, and their extensions. */
function having(change: (calls: readonly Call[]) => readonly Call[]): Partial<Behaviour> {
  const changed = new WeakMap<Switchboard, Switchboard>();
  const narrowed = (board: Switchboard) => {
    const calls = change(board.calls);
    const known = changed.get(board) ?? { ...board, calls, extensions: calls.map(({ extension }) => extension) };
    changed.set(board, known);
    return known;
  };
  return {
    find: (address, board) => documented.find(address, narrowed(board)),
    accepts: {
      ...documented.accepts,
      extension: (value, exchange) =>
        documented.accepts.extension(value, { ...exchange, switchboard: narrowed(exchange.switchboard) }),
    },
  };
}

const oneCall = having((calls) => calls.slice(0, 1));

/** Runs the suite as the command line does with some options, and tells what was asked. */
async function examine(
  behaviour: Partial<Behaviour>,
  options: NamedOptions,
  only: readonly string[] = [],
  configure?: (server: Server) => void,
) {
  const asked: string[] = [];
  const server = await servePlain({
    behaviour,
    configure: (listener) => {
      listener.on('request', ({ url = '' }) => asked.push(url));
      configure?.(listener);
    },
  });
  const all = { ...defaultOptions, url: server.url, token: 'proof-token', effectTimeout: 1000, ...options };
  const { target } = await openTarget(all, await findPlace(all, suite.contract));
  const outcome = await examineTarget(target, { only });
  return { ...outcome, asked };
}

describe('a server with one call', () => {
  test('conforms where that call is named, and what is about others has no object', async () => {
    const { verdict, none, asked } = await examine(oneCall, { ...named, otherCall: [] });
    expect(verdict).toBe('conforming');
    expect(none).toEqual(
      expect.arrayContaining(['effects/other-call-stays', 'path/call-elsewhere', 'authorization/foreign-call']),
    );
    expect(asked.filter((url) => /c4d90aa1b7e25f604418|9f3e51d07ab8426c1177/.test(url))).toEqual([]);
  });

  test('is blamed for nothing where only its URL and its token are named', async () => {
    const { verdict, violated } = await examine(oneCall, {});
    expect({ verdict: verdict === 'not conforming', violated }).toEqual({ verdict: false, violated: [] });
  });

  test('that has none of the examples is blamed for nothing, and told what to name', async () => {
    const others = having((calls) => calls.slice(0, 1).map((each) => Object.assign(each, { id: 'a1b2c3d4' })));
    const { verdict, violated, find } = await examine(others, {});
    expect({ verdict, violated }).toEqual({ verdict: 'incomplete', violated: [] });
    expect(find('transfer/plain')).toMatchObject({
      verdict: 'unreached',
      reason: expect.stringMatching(/b817d2618fe6f1804333 is an example of the contract.* --call$/),
    });
  });
});

test.each([
  [
    'c917typo',
    [expect.stringMatching(/^the call c917typo of --other-call was not shown, .* pc_phoncall_invalid; is it live\?$/)],
  ],
  ['c4d90aa1b7e25f604418', []],
])('the other call %s, which the user names, is told of if it was never shown', async (call, told) => {
  const { verdict, remarks } = await examine({}, { ...named, otherCall: [call], only: ['transfer'] });
  expect({ verdict, remarks }).toEqual({ verdict: 'conforming', remarks: told });
});

test('an example that the server does not take is unreached, but not if it was named', async () => {
  const refuses: Partial<Behaviour> = {
    accepts: {
      ...documented.accepts,
      sendCallTo: (value, exchange) => documented.accepts.sendCallTo(value, exchange) && value !== '3334444',
    },
  };
  const presumed = await examine(refuses, {}, ['transfer/again-and-again']);
  expect(presumed.find('transfer/again-and-again')).toMatchObject({ verdict: 'unreached' });
  expect(presumed.violated).toEqual([]);
  const { violated } = await examine(refuses, named, ['transfer/again-and-again']);
  expect(violated).toEqual(['success/status']);
});

describe('an id that the suite makes up', () => {
  const almost = call.replace(/.$/, '0');
  const both = having(([first, ...rest]) => (first === undefined ? [] : [first, { ...first, id: almost }, ...rest]));
  const only = ['unknown/phone-call/last-character'];

  test('is not sent where a live call has it', async () => {
    const { find, violated, asked } = await examine(both, named, only);
    expect(find(only[0] ?? '')).toMatchObject({
      verdict: 'unreached',
      reason: expect.stringMatching(/of a live call$/),
    });
    expect(violated).toEqual([]);
    expect(asked.filter((url) => url.includes(almost))).toHaveLength(1);
  });

  test('is held against a server that shows a call for every id', async () => {
    const any: Partial<Behaviour> = {
      find: ({ phoneCallId, ...address }, board) =>
        documented.find({ ...address, phoneCallId: phoneCallId && call }, board),
    };
    expect((await examine(any, named, only)).violated).toContain('path/phone-call-unknown');
  });
});

test.each([3, 200])('a server that restarts at request %d is waited for, and blamed for nothing', async (last) => {
  let requests = 0;
  const restart = (server: Server) =>
    server.on('request', () => {
      if (++requests !== last) return;
      const { port } = server.address() as AddressInfo;
      server.close();
      server.closeAllConnections();
      setTimeout(() => server.listen(port, '127.0.0.1'), 300);
    });
  const { verdict, violated } = await examine({}, named, [], restart);
  expect(violated).toEqual([]);
  expect(verdict).toMatch(/^(?:conforming|incomplete)$/);
});

test('a token that expires in the midst leaves the rest unreached, with the reason', async () => {
  let requests = 0;
  const expiring: Partial<Behaviour> = {
    accepts: {
      ...documented.accepts,
      authorization: (value, exchange) => ++requests < 200 && documented.accepts.authorization(value, exchange),
    },
  };
  const { verdict, violated, find } = await examine(expiring, named);
  expect({ verdict, violated }).toEqual({ verdict: 'incomplete', violated: [] });
  expect(find('transfer/plain')?.reason).toMatch(/^the token is refused by now, though it was accepted before/);
});
