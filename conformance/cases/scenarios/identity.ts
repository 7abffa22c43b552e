import { leavesOthers } from '../../checks/effects.ts';
import { findRefusal } from '../../contract/refusal.ts';
import type { Fixture, ForeignCall } from '../../call/fixture.ts';
import type { Feature } from '../case.ts';
import { withOtherToken, withPath, type RequestPlan } from '../plan.ts';
import { documentedRefusals, notFound, otherPlace, type RefusedRow, type Suite } from '../suite.ts';

type PathChange = (fixture: Fixture) => Readonly<Record<string, string>>;

const elsewhere = 'path/call-elsewhere';
const foreign = 'authorization/foreign-call';

/** Stands for the foreign call where the user names none: the cases exist, and nothing is sent. */
export const noCall: ForeignCall = { user: '0', extension: '0', call: '0' };

export const pathTo = ({ user, extension, call }: ForeignCall) => ({ userId: user, extension, phoneCallId: call });
const foreignPath: PathChange = ({ foreignCall = noCall }) => pathTo(foreignCall);

/** Paths of a call of another User, by the case. */
const foreignPaths: Readonly<Record<string, PathChange>> = {
  'by-its-path': foreignPath,
  ...Object.fromEntries(
    ['@me', '@viewer', '@owner'].flatMap((userId): [string, PathChange][] => [
      [`by-${userId.slice(1)}`, (fixture) => ({ ...foreignPath(fixture), userId })],
      [`by-${userId.slice(1)}-and-self`, (fixture) => ({ ...foreignPath(fixture), userId, extension: '@self' })],
    ]),
  ),
  'by-own-user-and-self': ({ user, foreignCall = noCall }) => ({
    userId: user,
    extension: '@self',
    phoneCallId: foreignCall.call,
  }),
  'below-own-extension': ({ foreignCall = noCall }) => ({ phoneCallId: foreignCall.call }),
};

/** Paths of the fixture's call, which are sent with the token of another User, by the case. */
const ownPaths: Readonly<Record<string, PathChange>> = {
  'by-its-path': () => ({}),
  'by-me-and-self': () => ({ userId: '@me', extension: '@self' }),
  'by-viewer': () => ({ userId: '@viewer' }),
  'by-owner': () => ({ userId: '@owner' }),
  'by-self': () => ({ extension: '@self' }),
};

/** Returns an extension of the User that has nothing to do with the call; undefined if none is known. */
export function findOtherExtension(fixture: Partial<Fixture>): string | undefined {
  const { extension, otherCalls = [], spareCalls = [], idleExtension, from, number } = fixture;
  const known = [...otherCalls, ...spareCalls].map((other) => other.extension);
  return [...known, idleExtension].find(
    (candidate) => candidate !== undefined && !['@self', extension, from, number].includes(candidate),
  );
}

/** Returns rows that name a call of others, or the call as if it were one of others: each is refused and moves nothing. */
export function identityRows(suite: Suite): RefusedRow[] {
  const scheme = suite.transfer.security[0];
  const refusals = [
    ...documentedRefusals(suite, 'path'),
    ...((scheme && [findRefusal(suite.transfer, scheme)]) ?? []).filter((refusal) => refusal !== undefined),
    // A server may hide that a call exists which is not the User's (RFC 9110 section 15.5.4).
    notFound,
  ];
  const row = (id: string, requirement: string, title: string, needs: Feature, path: PathChange) => ({
    id: `identity/${id}`,
    requirement,
    title,
    needs: [needs],
    breaks: [],
    refusals,
    // Without the call's id it could be a valid transfer of the calls of others.
    isOfOneCall: true as const,
    change: (control: RequestPlan, fixture: Fixture) => withPath(control, path(fixture)),
  });
  const foreignRow = (name: string, path: PathChange) => ({
    ...row(`foreign-call-${name}`, foreign, `refuses a call of another User: ${words(name)}`, 'foreign call', path),
    checks: [leavesOthers('leaves the call of another User where it was', foreign)],
  });
  const atItsPath = foreignRow('with-last-slash', foreignPath);
  const foreignWithSlash = {
    ...atItsPath,
    refusals: [...refusals, ...otherPlace],
    change: (control: RequestPlan, fixture: Fixture) => ({
      ...atItsPath.change(control, fixture),
      trailingSlash: true,
    }),
  };
  return [
    row('other-extension', elsewhere, 'refuses a call under another extension', 'other extension', (fixture) => ({
      extension: findOtherExtension(fixture) ?? '0',
    })),
    row('other-user', elsewhere, 'refuses a call under another User', 'foreign call', ({ foreignCall = noCall }) => ({
      userId: foreignCall.user,
    })),
    ...Object.entries(foreignPaths).map(([name, path]) => foreignRow(name, path)),
    foreignWithSlash,
    ...Object.entries(ownPaths).map(([name, path]) => {
      const title = `refuses the token of another User: ${words(name)}`;
      const { change, ...rest } = row(`other-token-${name}`, foreign, title, 'other token', path);
      return {
        ...rest,
        breaks: ['authorization'],
        change: (control: RequestPlan, fixture: Fixture) => ({
          ...change(control, fixture),
          authorization: withOtherToken,
        }),
      };
    }),
  ];
}

function words(name: string): string {
  return name.replaceAll('-', ' ');
}
