import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allCases } from '../cases/cases.ts';
import { fuzzCases } from '../cases/fuzz.ts';
import { controlTransfer, serialise, type RequestPlan } from '../cases/plan.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import { readRequirements } from '../contract/requirements.ts';
import type { SentRequest } from './exchange.ts';
import { exampleFixture, type Fixture } from '../call/fixture.ts';
import { assertHarmless, ForbiddenRequest, type Permission } from './guard.ts';

const suite = createSuite(readContract(), readRequirements());
const example = exampleFixture(suite.contract);
const number = suite.constraints.find(({ name }) => name === 'sendCallTo')?.pointer ?? '';
const isNumber = (value: unknown) => suite.validate(number, value as JsonValue).length === 0;
const seed = 20_261;

const hostile = [
  '|.|..|%2e|%2E%2e|.%2e|%252e|%252e%252e|%25%32%65|...|..;|;|;a=b|..%20|.%09.|a/b|a\\b|%2F|%2f..|%5c|%252F|%255c..',
  '|%00|..%00|\0|\u2024|\uff0e\uff0e|\u2025|%EF%BC%8E%EF%BC%8E|%E2%80%A5|%EF%BC%8F|%c0%ae|a |%20|\t|a?b|%3f|#|%23|%',
  `|%zz|@me|@self|12|0003*210|b817|*|%2A|${'a'.repeat(5000)}|é|\ud800|%ff|%0d%0a`,
].flatMap((list) => list.split('|'));
const segment = fc.oneof(
  fc.constantFrom(...hostile),
  fc.tuple(fc.constantFrom(...hostile), fc.constantFrom(...hostile)).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const basePath = fc.constantFrom('', '/api/v1', '/a%2Fb', '/uapi/phoneCalls', '/;x');

/** Each way in which a server might undo the encoding of a path, and then find its way. */
const decodings: readonly ((path: string) => string)[] = [
  (path) => path,
  decodedOnce,
  (path) => decodedOnce(decodedOnce(path)),
  (path) => path.replaceAll(/;[^/]*/g, ''),
];

function decodedOnce(path: string): string {
  return path.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) =>
    Buffer.from(encoded.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** The segments behind the root of the operations that a lenient server would find in a path, in each of its ways. */
function addresses(path: string, below: string): string[][] {
  return decodings.map((decode) => {
    const prefix = decode(`${below}/uapi/phoneCalls/`);
    const resolved = pathnameOf(decode(path));
    const expected = pathnameOf(prefix);
    if (!resolved.startsWith(expected)) return ['outside'];
    return resolved
      .slice(expected.length)
      .replace(/\/[\s/]*$/, '')
      .split('/')
      .filter(Boolean);
  });
}

function pathnameOf(path: string): string {
  // The fragment keeps a blank at the end, which is not part of the notation here.
  return new URL(`http://pbx${path.replaceAll(/\/{2,}/g, '/')}#`).pathname;
}

/** Tells whether the guard lets a request through. Any error but its own refusal fails the test. */
function isPermitted(request: SentRequest, permission: Permission): boolean {
  try {
    assertHarmless(request, permission);
    return true;
  } catch (error) {
    if (error instanceof ForbiddenRequest) return false;
    throw error;
  }
}

function expectOneCall(request: SentRequest, { basePath: below, bulk }: Permission): void {
  expect(['GET', 'PUT']).toContain(request.method);
  // A segment without meaning behind the id of a call names no other one.
  const path = request.path.replace(/\/x0$/, '');
  const lengths = new Set(addresses(path, below).map((address) => address.length));
  expect([...lengths], request.path).toEqual(bulk && lengths.has(2) ? [2] : [3]);
}

test('whatever target and method are asked for, what is let through addresses one call, however it is read', () => {
  const usual = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('12', '0003*210', 'b817') },
    { weight: 1, arbitrary: segment },
  );
  const segments = fc.oneof(fc.tuple(usual, usual, usual), fc.array(segment, { maxLength: 5 }));
  const path = fc
    .tuple(basePath, segments, fc.constantFrom('', '', '', '/', '//', '/.', '?a', '#'))
    .map(([below, parts, end]) => ({ below, path: `${below}/uapi/phoneCalls/${parts.join('/')}${end}` }));
  const method = fc.oneof(
    fc.constantFrom('GET', 'PUT', 'GET', 'PUT', 'put', 'DELETE', 'PUT '),
    fc.string({ maxLength: 4 }),
  );
  let permitted = 0;
  const property = fc.property(path, method, fc.boolean(), ({ below, path: target }, verb, bulk) => {
    const permission = { basePath: below, sendTo: [], isNumber, bulk, loopback: false };
    const request = { method: verb, path: target, headers: {}, body: undefined };
    if (!isPermitted(request, permission)) return;
    permitted++;
    expectOneCall(request, permission);
  });
  fc.assert(property, { seed, numRuns: 20_000 });
  expect(permitted).toBeGreaterThan(100);
});

test('whatever bytes are asked for as a target, what is let through addresses one call', () => {
  let permitted = 0;
  const property = fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), fc.boolean(), (text, below) => {
    const permission = { basePath: '', sendTo: [], isNumber, bulk: false, loopback: false };
    const path = below ? `/uapi/phoneCalls/12/0003*210/${text}` : text;
    const request = { method: 'GET', path, headers: {}, body: undefined };
    if (!isPermitted(request, permission)) return;
    permitted++;
    expectOneCall(request, permission);
  });
  fc.assert(property, { seed, numRuns: 20_000 });
  expect(permitted).toBeGreaterThan(100);
});

test('whatever body is asked for, what is let through sends no call to a number that the fixture lacks', () => {
  const name = fc.constantFrom(
    'sendCallTo',
    'SendCallTo',
    'SENDCALLTO',
    'sendCall\\u0054o',
    'sendCall%54o',
    ' sendCallTo',
  );
  const digits = fc.constantFrom('911', '+1911', '3235742879', '00*1', '\\u0039\\u0031\\u0031', '%39%31%31');
  const dressed = fc.constantFrom('#', ' #', '# ', '#\\n', '(#)', 'tel:#', '#-', '.#', '\\t#', '\\u200b#');
  const value = fc
    .tuple(digits, dressed, fc.constantFrom('"$"', "'$'", '$', '["$"]', '{"value":"$"}', '[[{"a":"$"}]]', '=$'))
    .map(([text, dress, form]) => form.replace('$', () => dress.replace('#', () => text)));
  const member = fc
    .tuple(name, value, fc.constantFrom('"#":', '#:', "'#':", '#=', '"#" : '))
    .map(([key, own, form]) => {
      return form.replace('#', key) + own;
    });
  const whole = fc
    .tuple(
      fc.array(member, { minLength: 1, maxLength: 2 }),
      fc.constantFrom('{#}', '#', '[{#}]', '{"a":{#}}', '{#', '{#,}'),
    )
    .map(([members, form]) => form.replace('#', () => ['"action":"Transfer"', ...members].join(',')));
  const sendTo = ['3235742879'];
  let permitted = 0;
  const property = fc.property(whole, (body) => {
    const request = { method: 'PUT', path: '/uapi/phoneCalls/12/0003*210/b817', headers: {}, body };
    if (!isPermitted(request, { basePath: '', sendTo, isNumber, bulk: false, loopback: false })) return;
    permitted++;
    expect(
      lenientNumbers(body).filter((read) => !sendTo.includes(read)),
      body,
    ).toEqual([]);
  });
  fc.assert(property, { seed, numRuns: 20_000 });
  expect(permitted).toBeGreaterThan(100);
});

/** Every number that stands in a body, whatever its name and form: the bodies of this test have numbers nowhere else. */
function lenientNumbers(body: string): string[] {
  const plain = decodedOnce(
    body.replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  );
  return (plain.match(/[+*\d]+/g) ?? []).filter(isNumber);
}

test('whatever the fixture is, no case moves more than its call, or sends it elsewhere', () => {
  const text = fc.oneof(
    { weight: 1, arbitrary: segment },
    { weight: 2, arbitrary: fc.constantFrom('12', '@me', '0003*210', 'b817') },
  );
  const fixtures = fc.record({
    user: text,
    extension: text,
    call: text,
    sendTo: fc.array(fc.oneof(fc.constantFrom(...example.sendTo), text), { minLength: 1, maxLength: 3 }),
    from: fc.oneof(fc.constant(example.from), text),
    number: fc.oneof(fc.constant(example.number), text),
    otherCalls: fc.array(fc.record({ extension: text, call: text }), { maxLength: 2 }),
    spareCalls: fc.constant([]),
    idleExtension: text,
  });
  let permitted = 0;
  const property = fc.property(fixtures, fc.subarray(['core', 'bulk']), basePath, (fixture, profiles, below) => {
    const permission = {
      basePath: below,
      sendTo: fixture.sendTo,
      isNumber,
      bulk: profiles.includes('bulk'),
      loopback: false,
    };
    for (const request of requestsOf(fixture, below)) {
      if (!isPermitted(request, permission)) continue;
      permitted++;
      expectOneCall(request, permission);
      expect(numbersIn(request).filter((sent) => !fixture.sendTo.includes(sent))).toEqual([]);
    }
  });
  fc.assert(property, { seed, numRuns: 15 });
  expect(permitted).toBeGreaterThan(100);
});

test('what only a target on this machine may be sent, is sent to no other', () => {
  const members = suite.constraints.filter(({ place }) => place === 'body' || place === 'path').map(({ name }) => name);
  const permission = { basePath: '', sendTo: example.sendTo, isNumber, bulk: true, members };
  const control = controlTransfer(suite, example, example.sendTo[0] ?? '');
  const only = allCases(suite, example).filter(({ send }) => {
    const requests = send(control, example).map((plan) => serialise(plan, '', 'token'));
    expect(requests.every((request) => isPermitted(request, { ...permission, loopback: true }))).toBe(true);
    return !requests.every((request) => isPermitted(request, { ...permission, loopback: false }));
  });
  expect(only.map(({ id }) => id).toSorted()).toEqual([
    'bulk/path/extension/blank-only',
    'bulk/path/extension/plus-only',
    'path/phoneCallId/blank-only',
    'path/phoneCallId/plus-only',
    'reading/path/phoneCallId/blank-only',
    'reading/path/phoneCallId/plus-only',
  ]);
  expect(only.every(({ needs }) => needs.includes('loopback target'))).toBe(true);
});

/** The requests of all cases, as far as they can be made of a fixture at all. */
function requestsOf(fixture: Fixture, below: string): SentRequest[] {
  const control = controlTransfer(suite, fixture, fixture.sendTo[0] ?? '');
  const generated = fuzzCases(suite, fixture, { values: 20, seed }).flatMap(({ recipes, batches }) =>
    batches
      .flatMap(({ seed: own, count }) => fc.sample(recipes, { seed: own, numRuns: count }))
      .flatMap((send) => send?.(control, fixture) ?? []),
  );
  const written = allCases(suite, fixture).flatMap(({ send }) => orNone(() => send(control, fixture)));
  return [...written, ...generated].flatMap((plan: RequestPlan) => orNone(() => [serialise(plan, below, 'token')]));
}

/** Returns the values that are made, or none if they cannot be made. Such values are never sent. */
function orNone<Value>(make: () => readonly Value[]): readonly Value[] {
  try {
    return make();
  } catch {
    return [];
  }
}

/** The number that a request sends a call to, if it does. */
function numbersIn({ method, body = '' }: SentRequest): string[] {
  if (method !== 'PUT') return [];
  try {
    const value = (JSON.parse(body) as { sendCallTo?: unknown } | null)?.sendCallTo;
    return [String(value).trim()].filter(isNumber);
  } catch {
    return [];
  }
}
