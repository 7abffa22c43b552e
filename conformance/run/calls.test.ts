import { describe, expect, test } from 'vitest';
import type { Selection } from '../cases/select.ts';
import { TokenIssuer, type ConsumingServerOptions } from '../../scripts/lab/servers/consuming/start.ts';
import { documented } from '../../scripts/lab/servers/plain/documented.ts';
import voipNow from '../call/sources/voipnow.ts';
import type { CallSource } from '../call/call-source.ts';
import type { Target } from './target.ts';
import { examineTarget, fixture, targetAt } from './testing/examine.ts';
import { serveConsuming, servePlain } from '../testing/servers.ts';

const exampleCalls = 3;

/** Runs the suite against a server that consumes calls. */
async function examineConsuming(source?: CallSource, changes?: Partial<Target>, selection?: Partial<Selection>) {
  const server = await serveConsuming();
  const outcome = await examineTarget(targetAt(server.url, changes), { source, ...selection });
  return { ...outcome, left: server.calls.ids.length, placed: server.calls.placed };
}

const withReason = ({ cases }: Awaited<ReturnType<typeof examineTarget>>, pattern: RegExp) =>
  cases.filter(({ reason }) => pattern.test(reason ?? ''));

describe('a server whose calls are used up', () => {
  test('conforms where calls are placed for it, and no call is left', async () => {
    const open = new Set<string>();
    let atOnce = 0;
    const counting: CallSource = {
      place: async (context) => {
        const call = await voipNow.place(context);
        atOnce = Math.max(atOnce, open.add(call.call).size);
        return call;
      },
      end: (call, context) => {
        open.delete(call.call);
        return voipNow.end(call, context);
      },
    };
    const { verdict, cases, left, placed, remarks } = await examineConsuming(counting);
    expect(cases.filter(({ verdict: ended }) => !/pass|applicable/.test(ended)).map(({ id }) => id)).toEqual([
      'transfer/from-international-number',
      'transfer/again-and-again',
    ]);
    expect({ verdict, left, remarks }).toEqual({ verdict: 'conforming', left: exampleCalls, remarks: [] });
    expect(placed).toBeGreaterThan(20);
    expect(atOnce).toBeLessThan(20);
  });

  test('is not blamed where there is one call only, which proves what it can', async () => {
    const outcome = await examineConsuming();
    const { verdict, requirements } = outcome;
    expect(verdict).toBe('incomplete');
    expect(requirements.filter((result) => /violated|warned/.test(result.outcome))).toEqual([]);
    expect(withReason(outcome, /refuses to transfer the call any more: .*--calls$/).length).toBeGreaterThan(15);
    expect(requirements.find(({ requirement }) => requirement.id === 'body/send-call-to-invalid')?.outcome).toBe('met');
  });

  test('is not blamed for refusing generated values, all of which come before its call is used up', async () => {
    const { verdict, cases } = await examineConsuming(undefined, {}, { fuzz: 100, seed: 5 });
    const generated = cases.filter(({ id }) => id.startsWith('fuzz/'));
    expect(generated.filter((result) => result.verdict !== 'pass')).toEqual([]);
    expect(generated.length).toBeGreaterThan(10);
    expect(verdict).toBe('incomplete');
  });

  test('moves all calls of an extension, and no other', async () => {
    process.env.VOIPNOW_OTHER_EXTENSION = '0003*211';
    const { verdict, left } = await examineConsuming(voipNow, { profiles: ['bulk'] });
    delete process.env.VOIPNOW_OTHER_EXTENSION;
    expect({ verdict, left }).toEqual({ verdict: 'conforming', left: exampleCalls });
  });
});

describe('calls are ended', () => {
  test('though the cases that they were placed for fail', async () => {
    const server = await serveConsuming({ behaviour: { showTransferred: () => ({}) } });
    const { verdict } = await examineTarget(targetAt(server.url), { source: voipNow, only: ['transfer/*'] });
    expect(verdict).toBe('not conforming');
    expect(server.calls.placed).toBeGreaterThan(10);
    expect(server.calls.ids).toHaveLength(exampleCalls);
  });

  test('or a remark is made, which is no violation', async () => {
    const source = { ...voipNow, end: () => Promise.reject(new Error('the line is stuck with proof-token')) };
    const { verdict, remarks } = await examineConsuming(source, {}, { only: ['transfer/plain'] });
    expect(verdict).toBe('conforming');
    expect(remarks).toEqual([expect.stringMatching(/^the call \w+ could not be ended: the line is stuck with \$CONF/)]);
  });
});

describe('without a call', () => {
  test.each([
    ['throws', () => Promise.reject(new Error('all lines are busy'))],
    ['returns nonsense', async () => ({ call: 'b817' }) as never],
  ])('from a source that %s, every case is unreached', async (_, place) => {
    const outcome = await examineConsuming({ ...voipNow, place });
    expect(outcome.verdict).toBe('incomplete');
    const tried = outcome.cases.filter(({ verdict }) => verdict !== 'not applicable');
    expect(withReason(outcome, /^the source of calls failed/)).toHaveLength(tried.length);
  });

  test('nor numbers, nothing is placed on another host', async () => {
    const { sendTo: _, ...rest } = fixture;
    const outcome = await examineConsuming(voipNow, { loopback: false, fixture: rest });
    expect(outcome).toMatchObject({ verdict: 'incomplete', placed: 0 });
  });
});

test('a shared call that hangs up by itself is replaced, and nobody is blamed', async () => {
  const server = await serveConsuming();
  let placed = 0;
  const source: CallSource = {
    ...voipNow,
    place: async (context) => {
      const call = await voipNow.place(context);
      // One ends before anybody saw it, the next while it is used.
      const hangUp = () => server.calls.end({ id: call.call } as never);
      if (++placed === 1) hangUp();
      if (placed === 2) setTimeout(hangUp, 30);
      return call;
    },
  };
  const { verdict, cases } = await examineTarget(targetAt(server.url), {
    source,
    only: ['body/sendCallTo/*', 'transfer/plain'],
  });
  expect(cases.filter(({ verdict: ended }) => ended === 'fail')).toEqual([]);
  expect(verdict).toBe('conforming');
  expect(server.calls.ids).toHaveLength(exampleCalls);
});

describe('a token that was fetched', () => {
  const client = { id: 'app', secret: 's3cret' };

  async function examineWithTokens(issuer: TokenIssuer, options: ConsumingServerOptions = {}, source = voipNow) {
    const server = await serveConsuming({ issuer, ...options });
    const credentials = { tokenUrl: `${server.url}/oauth/token.php`, clientId: client.id, clientSecret: client.secret };
    const token = String(issuer.answer(formOf(client)).body.access_token);
    const target = targetAt(server.url, { token, credentials });
    const only = ['authorization/*', 'transfer/*', 'body/sendCallTo/*'];
    const outcome = await examineTarget(target, { source, only });
    return { ...outcome, issued: issuer.issued, left: server.calls.ids.length };
  }

  test('is used for the whole run, the cases with wrong tokens notwithstanding', async () => {
    const { verdict, issued } = await examineWithTokens(new TokenIssuer(client, 3600));
    expect(verdict).toBe('conforming');
    expect(issued).toHaveLength(1);
  });

  test('is renewed when the target says that it expired, and shown nowhere', async () => {
    const issuer = new TokenIssuer(client, 3600);
    let placed = 0;
    const place: CallSource['place'] = (context) => {
      if ([3, 12].includes(++placed)) issuer.revokeAll();
      return voipNow.place(context);
    };
    const { verdict, cases, issued, left } = await examineWithTokens(issuer, {}, { ...voipNow, place });
    expect({ verdict, left }).toEqual({ verdict: 'conforming', left: exampleCalls });
    expect(issued).toHaveLength(3);
    const shown = JSON.stringify(cases);
    expect([...issued, client.secret].filter((secret) => shown.includes(secret))).toEqual([]);
  });

  test('is not renewed again and again where every token is refused', async () => {
    const refusing = { accepts: { ...documented.accepts, authorization: () => false } };
    const { verdict, issued } = await examineWithTokens(new TokenIssuer(client, 3600), { behaviour: refusing });
    expect(verdict).not.toBe('conforming');
    expect(issued.length).toBeLessThan(10);
  });

  test('that cannot be renewed leaves cases unreached', async () => {
    const credentials = { tokenUrl: 'http://127.0.0.1:1/', clientId: 'app', clientSecret: 's3cret' };
    const server = await servePlain();
    const target = targetAt(server.url, { credentials, expiresAt: 1 });
    const outcome = await examineTarget(target, { only: ['transfer/*'] });
    expect(outcome.verdict).toBe('incomplete');
    // One needs a call of another User, and none is named.
    const tried = outcome.cases.filter(({ verdict }) => verdict !== 'not applicable');
    expect(withReason(outcome, /^No token came from/)).toHaveLength(tried.length);
  });
});

function formOf({ id, secret }: { id: string; secret: string }): URLSearchParams {
  return new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
}
