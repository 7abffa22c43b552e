import { unusualServers } from '../controls/catalogue.ts';
import { faults } from '../faults/catalogue.ts';
import type { UnusualServer, FaultyServer } from '../servers/server.ts';

/** A server of the catalogue that the suite is tried on. */
export type Subject = ({ readonly kind: 'fault' } & FaultyServer) | ({ readonly kind: 'control' } & UnusualServer);

/** Every server of the catalogue. */
export const subjects: readonly Subject[] = [
  ...faults.map((fault): Subject => ({ kind: 'fault', ...fault })),
  ...unusualServers.map((control): Subject => ({ kind: 'control', ...control })),
];

/** Returns the faults among some subjects. */
export function faultsAmong(some: readonly Subject[]): (Subject & { kind: 'fault' })[] {
  return some.filter((subject) => subject.kind === 'fault');
}

/** Returns the subjects whose id contains a pattern, in which `*` stands for any characters. */
export function subjectsMatching(pattern: string): Subject[] {
  const expression = new RegExp(pattern.split('*').map(RegExp.escape).join('.*'));
  return subjects.filter(({ id }) => expression.test(id));
}

/** Names a subject. A fault and a control may have the same id. */
export function nameSubject({ kind, id }: Pick<Subject, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}
