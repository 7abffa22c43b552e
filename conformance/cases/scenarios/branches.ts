import type { Fixture } from '../../call/fixture.ts';
import { findRefusal } from '../../contract/refusal.ts';
import { controlCase, isExtension, isInternational, type Feature } from '../case.ts';
import { bodyObject, encodeReserved, withBody, withPath, type RequestPlan } from '../plan.ts';
import { otherPlace, type RefusedRow, type Suite } from '../suite.ts';

/** A way to write a request by which it may reach another branch of a server's code. */
interface Branch {
  /** The faults that are made there, by the ids of their rows. */
  readonly faults: RegExp;
  /** The parameters and members that it decides: faults of them are left out. */
  readonly decides: readonly string[];
  readonly change: (plan: RequestPlan, fixture: Fixture) => RequestPlan;
  readonly needs?: readonly Feature[];
  /** The transfer and the reading that show that a server knows it. */
  readonly controls?: { readonly transfer: string; readonly reading?: string };
  /** True if a server may know no such path. */
  readonly mayLeadElsewhere?: true;
  /** True if transfers of all calls are tried there too. */
  readonly isOfAllCalls?: true;
}

/** Faults that every branch of a server has to find: no token, an unknown part of the path, a bad part of the body. */
const everywhere =
  /^(?:authorization\/(?:none|token-cut-short)|unknown\/(?:user|extension)\/other-number|unknown\/phone-call\/random|body\/\w+\/(?:letters-only|other-value))$/;

/** Further faults at a path of which a server may serve a copy. */
const ofWholePath = /^body\/(?:no-json|\w+\/missing)$/;

/** Faults of the members of a body. */
const ofMembers = /^body\/\w+\/(?:missing|letters-only|number|null)$/;

function byAlias(path: Readonly<Record<string, string>>, transfer: string, reading: string): Branch {
  const controls = { transfer: `transfer/${transfer}`, reading: `reading/${reading}` };
  return { faults: everywhere, decides: Object.keys(path), change: (plan) => withPath(plan, path), controls };
}

function toNumber(isMeant: (number: string) => boolean, needed: Feature, transfer: string): Branch {
  return {
    faults: ofMembers,
    decides: ['sendCallTo'],
    change: (plan, { sendTo }) => withBody(plan, { sendCallTo: sendTo.find(isMeant) }),
    needs: [needed],
    controls: { transfer: `transfer/${transfer}` },
  };
}

const branches: Readonly<Record<string, Branch>> = {
  'by-me': byAlias({ userId: '@me' }, 'user-me', 'user-me'),
  'by-viewer': byAlias({ userId: '@viewer' }, 'user-viewer', 'user-viewer'),
  'by-owner': byAlias({ userId: '@owner' }, 'user-owner', 'user-owner'),
  'by-self': byAlias({ extension: '@self' }, 'extension-self', 'extension-self'),
  'by-me-and-self': byAlias({ userId: '@me', extension: '@self' }, 'user-me-extension-self', 'aliases'),
  // No User has to be known to find the owner of an extension that is not named.
  'by-owner-and-self': {
    ...byAlias({ userId: '@owner', extension: '@self' }, 'user-owner-extension-self', 'user-owner'),
    faults: /^(?:authorization\/none|unknown\/phone-call\/random)$/,
  },
  'with-last-slash': {
    faults: new RegExp(`${everywhere.source}|${ofWholePath.source}`),
    decides: [],
    change: (plan) => ({ ...plan, trailingSlash: true }),
    mayLeadElsewhere: true,
  },
  'with-encoded-path': {
    faults: everywhere,
    decides: [],
    change: (plan) => ({ ...plan, encode: encodeReserved }),
    controls: { transfer: 'transfer/encoded-asterisk', reading: 'reading/extension-encoded' },
  },
  'to-extension': toNumber(isExtension, 'extension number', 'to-extension'),
  'to-international-number': toNumber(isInternational, 'international number', 'to-international-number'),
  'from-the-other-party': {
    faults: ofMembers,
    decides: ['transferFromNumber'],
    change: swapParties,
    controls: { transfer: 'transfer/from-the-other-party' },
    isOfAllCalls: true,
  },
};

/**
 * Returns rows that make the faults of others where a server may have another branch of code: by other ways to write a
 * request, in the name of the other party, without a member that is optional, and after a transfer that succeeded.
 *
 * @param control - A valid transfer, which tells the parts that a row changes.
 */
export function branchRows(
  suite: Suite,
  rows: readonly RefusedRow[],
  control: RequestPlan,
  fixture: Fixture,
): RefusedRow[] {
  const listIn = (branch: string, { faults, decides, change, needs = [], controls, ...is }: Branch) =>
    rows
      .filter((row) => faults.test(row.id) && !decides.some((name) => isDecided(row, name, control, fixture)))
      .map((row) => ({
        ...row,
        id: `${branch}/${row.id}`,
        title: `${row.title} (${branch.replaceAll('-', ' ')})`,
        needs: [...(row.needs ?? []), ...needs],
        refusals: is.mayLeadElsewhere ? [...row.refusals, ...otherPlace] : row.refusals,
        ...(!is.isOfAllCalls && { isOfOneCall: true as const }),
        ...(controls && { controls }),
        change: (valid: RequestPlan, live: Fixture) => row.change(change(valid, live), live),
      }));
  const inBody = suite.constraints.filter(({ place }) => place === 'body');
  const withoutOptional = inBody
    .filter(({ required }) => !required)
    .flatMap((constraint) => {
      const { name } = constraint;
      const refusal = findRefusal(suite.transfer, constraint);
      return rows
        .filter(({ breaks }) => inBody.some((other) => other.name !== name && breaks.join() === `body/${other.name}`))
        .filter(({ id }) => /\/(?:missing|letters-only|other-value|number|null)$/.test(id))
        .map((row) => ({
          ...row,
          id: `without-${name}/${row.id}`,
          title: `${row.title} (without ${name})`,
          // It may be missed first.
          otherRefusals: refusal === undefined ? [] : [refusal],
          change: (valid: RequestPlan, live: Fixture) => withBody(row.change(valid, live), { [name]: undefined }),
        }));
    });
  const afterTransfers = rows
    .filter(({ id }) => /^(?:authorization\/(?:none|token-cut-short)|body\/\w+\/(?:missing|letters-only))$/.test(id))
    .map((row) => ({
      ...row,
      id: `after-a-transfer/${row.id}`,
      title: `${row.title} (after a transfer)`,
      effect: 'moves' as const,
      // Readings come before all transfers.
      controls: { transfer: controlCase },
    }));
  const written = Object.entries(branches).flatMap(([name, branch]) => listIn(name, branch));
  return [...written, ...withoutOptional, ...afterTransfers];
}

/** Tells whether a row changes a parameter of the path or a member of the body. */
function isDecided({ change, breaks }: RefusedRow, name: string, control: RequestPlan, fixture: Fixture): boolean {
  return breaks.includes(`body/${name}`) || change(control, fixture).path[name] !== control.path[name];
}

/** Lets the other party transfer the call. */
export function swapParties(plan: RequestPlan): RequestPlan {
  const { transferFromNumber, transferNumber } = bodyObject(plan);
  return withBody(plan, { transferFromNumber: transferNumber, transferNumber: transferFromNumber });
}
