import { unusualServers } from '../controls/catalogue.ts';
import { faults } from '../faults/catalogue.ts';
import type { UnusualServer, FaultyServer } from '../servers/server.ts';
import { independentSubjects } from './independent.ts';

/** A server of the catalogue that the suite is tried on. */
export type Subject = (({ readonly kind: 'fault' } & FaultyServer) | ({ readonly kind: 'control' } & UnusualServer)) & {
  /** True if it was written from the documentation page alone, and has one call. */
  readonly isIndependent?: true;
};

/** Every server of the catalogue that is made of the plain server and the mock. */
export const subjects: readonly Subject[] = [
  ...faults.map((fault): Subject => ({ kind: 'fault', ...fault })),
  ...unusualServers.map((control): Subject => ({ kind: 'control', ...control })),
];

let byName: Promise<ReadonlyMap<string, Subject>> | undefined;

/**
 * Finds the subject of a name.
 *
 * @throws Error if there is none.
 */
export async function findSubject(name: string): Promise<Subject> {
  const own = subjects.find((candidate) => nameSubject(candidate) === name);
  if (own !== undefined) return own;
  byName ??= independentSubjects().then((all) => new Map(all.map((subject) => [nameSubject(subject), subject])));
  const subject = (await byName).get(name);
  if (subject === undefined) throw new Error(`The catalogue has no ${name}.`);
  return subject;
}

/** Returns the subjects whose id contains a pattern, in which `*` stands for any characters. */
export function matchSubjects<Some extends { readonly id: string }>(some: readonly Some[], pattern: string): Some[] {
  const expression = new RegExp(pattern.split('*').map(RegExp.escape).join('.*'));
  return some.filter(({ id }) => expression.test(id));
}

/** Names a subject. A fault and a control may have the same id. */
export function nameSubject({ kind, id }: Pick<Subject, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}
