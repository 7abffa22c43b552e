import { describe, expect, test } from 'vitest';
import { operationById, readContract } from '../contract/contract.ts';
import { valueAt } from '../contract/json.ts';
import { readErrorCode } from '../contract/refusal.ts';
import { readRequirements } from '../contract/requirements.ts';
import { receivedBody } from '../target/body.ts';
import type { Exchange } from '../target/exchange.ts';
import { allCases } from './cases.ts';
import { createSuite } from './suite.ts';

const contract = readContract();
const register = readRequirements();
const suite = createSuite(contract, register);
const cases = allCases(suite, {});
const checks = cases.flatMap((testCase) => testCase.checks);
const demanded = new Set([...cases, ...checks].map(({ requirement }) => requirement));

/** Rows that no case proves yet. Every one is a gap of the suite. */
const rowsWithoutCase: readonly string[] = [];

/** Codes of the contract's examples that no case demands, each with the reason. */
const codesNotDemanded: Readonly<Record<string, string>> = {
  token_expired: 'The documentation names no code for 403, so the example is one of many.',
};

describe('the register', () => {
  test('has ids of its own, and pointers that lead somewhere', () => {
    expect(new Set(register.map(({ id }) => id)).size).toBe(register.length);
    expect(register.filter(({ at }) => valueAt(contract.document, at) === undefined)).toEqual([]);
  });

  test('is complete: the contract binds nothing that no row is about', () => {
    expect(suite.requirements).toEqual(register);
  });

  test('has ids of a group and a name, which people can type', () => {
    expect(register.map(({ id }) => id).filter((id) => !/^[a-z]+(?:-[a-z]+)*\/[a-z]+(?:-[a-z]+)*$/.test(id))).toEqual(
      [],
    );
  });

  test('has a sentence, a source and an existing profile in each row', () => {
    const profiles = new Set(contract.operations.map(({ profile }) => profile));
    const incomplete = register.filter(
      ({ says, source, profile }) => !/^\w.+\.$/.test(says) || source === '' || !profiles.has(profile),
    );
    expect(incomplete).toEqual([]);
  });

  test('excludes rows for a reason that is a sentence', () => {
    const excluded = register.flatMap((row) => row.excluded ?? []);
    expect(excluded.length).toBeGreaterThan(0);
    expect(excluded.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
  });

  test('names the schema keywords that it is about as they stand in the contract', () => {
    const named = register.filter(({ keywords }) => keywords !== undefined);
    const known = ['required', 'type', 'pattern', 'const', 'enum', 'minLength', 'maxLength', '*'];
    expect(named.flatMap(({ keywords = [] }) => keywords).filter((keyword) => !known.includes(keyword))).toEqual([]);
  });
});

describe('a row', () => {
  const provable = register.filter(({ excluded }) => excluded === undefined);

  test('that is not excluded is proved by a case, but for those in a list that has to be empty', () => {
    const missing = provable.filter(({ id }) => !demanded.has(id)).map(({ id }) => id);
    expect(missing).toEqual(rowsWithoutCase);
  });

  test('that is excluded is proved by none', () => {
    const excluded = register.filter((row) => row.excluded !== undefined);
    expect(excluded.filter(({ id }) => demanded.has(id))).toEqual([]);
  });

  test('of the profile bulk is proved by cases of that profile only', () => {
    const profileOf = new Map(register.map(({ id, profile }) => [id, profile]));
    const strays = cases.filter(
      ({ requirement, checks: own }) =>
        profileOf.get(requirement) === 'core' && own.some((check) => profileOf.get(check.requirement) === 'bulk'),
    );
    expect(strays.map(({ id }) => id)).toEqual([]);
  });
});

describe('a case', () => {
  test('has an id of its own', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  test('is made for the patterns of the contract', () => {
    expect(cases.filter(({ needs }) => needs.includes('other contract'))).toEqual([]);
  });

  test('and its checks are about rows that exist', () => {
    const known = new Set(register.map(({ id }) => id));
    expect([...demanded].filter((id) => !known.has(id))).toEqual([]);
  });

  test('has a check of its own requirement', () => {
    const missing = cases.filter(
      ({ requirement, checks: own }) => !own.some((check) => check.requirement === requirement),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  test('that breaks the contract has a control, which is a case that breaks nothing more', () => {
    const ids = new Map(cases.map((testCase) => [testCase.id, testCase]));
    const negative = cases.filter(({ breaks, profile }) => breaks.length > 0 && profile !== 'bulk');
    expect(negative.length).toBeGreaterThan(200);
    const isMore = ({ control, breaks }: (typeof cases)[number]) => {
      const broken = ids.get(control ?? '')?.breaks;
      // What the token of another User may read has that User's token too.
      return broken?.length !== 0 && broken?.join() !== breaks.join();
    };
    expect(negative.filter(isMore)).toEqual([]);
  });
});

describe('an error code of the contract', () => {
  const transfer = operationById(contract, 'transferPhoneCall');
  const documented = transfer.responses.flatMap(({ status, content }) =>
    content
      .flatMap(({ examples }) => [...examples.values()])
      .flatMap((example) => {
        const code = readErrorCode(example);
        return code === undefined ? [] : [[code, Number(status)] as const];
      }),
  );

  /** An answer that is right but for its code. */
  function refusal(status: number, code: string): Exchange {
    const body = receivedBody(Buffer.from(JSON.stringify({ error: { code, message: 'no' } })));
    const request = { method: 'PUT', path: '/uapi/phoneCalls/12/0003*210/b817', headers: {}, body: undefined };
    const response = { status, headers: { 'content-type': 'application/json' }, body, duration: 1 };
    return { request, response, failure: undefined };
  }

  test.each(documented)('%s is demanded by a case, unless there is a reason', (code, status) => {
    const isMet = (exchange: Exchange) => (check: (typeof checks)[number]) =>
      (check.applies?.(exchange) ?? true) && check.run(exchange).length === 0;
    const demanding = checks.filter(
      (check) => isMet(refusal(status, code))(check) && !isMet(refusal(status, 'another_code'))(check),
    );
    expect(demanding.length > 0).toBe(!Object.hasOwn(codesNotDemanded, code));
  });
});
