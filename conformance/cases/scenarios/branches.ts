import type { Fixture } from '../../call/fixture.ts';
import { withBody, withPath, type RequestPlan } from '../plan.ts';
import { findRefusal } from '../../contract/refusal.ts';
import type { RefusedRow, Suite } from '../suite.ts';

/** The other names of the call, each with the transfer and the reading that show that a server knows them. */
const aliases: Readonly<Record<string, { path: Record<string, string>; transfer: string; reading?: string }>> = {
  'by-me': { path: { userId: '@me' }, transfer: 'transfer/user-me' },
  'by-self': { path: { extension: '@self' }, transfer: 'transfer/extension-self' },
  'by-me-and-self': {
    path: { userId: '@me', extension: '@self' },
    transfer: 'transfer/user-me-extension-self',
    reading: 'reading/aliases',
  },
};

/** Faults that every branch of a server has to find: no token, an unknown part of the path, a bad part of the body. */
const everywhere =
  /^(?:authorization\/(?:none|token-cut-short)|unknown\/(?:user|extension)\/other-number|unknown\/phone-call\/random|body\/no-json|body\/\w+\/(?:missing|letters-only|other-value))$/;

/**
 * Returns rows that make the faults of others where a server may have another branch of code: by the aliases of the path,
 * without a member that is optional, and after a transfer that succeeded.
 *
 * @param control - A valid transfer, which tells the parts that a row changes.
 */
export function branchRows(
  suite: Suite,
  rows: readonly RefusedRow[],
  control: RequestPlan,
  fixture: Fixture,
): RefusedRow[] {
  const found = rows.filter(({ id }) => everywhere.test(id));
  const isChanged = (row: RefusedRow, names: readonly string[]) => {
    const { path } = row.change(control, fixture);
    return names.some((name) => path[name] !== control.path[name]);
  };
  const byAliases = Object.entries(aliases).flatMap(([branch, { path, transfer, reading }]) =>
    found
      .filter((row) => !isChanged(row, Object.keys(path)))
      .map((row) => ({
        ...row,
        id: `${branch}/${row.id}`,
        title: `${row.title} (${Object.values(path).join(' and ')})`,
        isOfOneCall: true as const,
        controls: { transfer, reading },
        change: (valid: RequestPlan, live: Fixture) => withPath(row.change(valid, live), path),
      })),
  );
  const inBody = suite.constraints.filter(({ place }) => place === 'body');
  const optional = inBody.filter(({ required }) => !required);
  const withoutOptional = optional.flatMap((constraint) => {
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
    .filter(({ id }) => /^body\/\w+\/missing$/.test(id))
    .map((row) => ({
      ...row,
      id: `after-a-transfer/${row.id}`,
      title: `${row.title} (after a transfer)`,
      effect: 'moves' as const,
    }));
  return [...byAliases, ...withoutOptional, ...afterTransfers];
}
