import { controls } from '../controls/catalogue.ts';
import { faults } from '../faults/catalogue.ts';
import type { ControlServer, FaultyServer } from '../servers/server.ts';

/** A server of the catalogue that the suite is tried on. */
export type Subject = ({ readonly kind: 'fault' } & FaultyServer) | ({ readonly kind: 'control' } & ControlServer);

/** Every server of the catalogue. */
export const subjects: readonly Subject[] = [
  ...faults.map((fault): Subject => ({ kind: 'fault', ...fault })),
  ...controls.map((control): Subject => ({ kind: 'control', ...control })),
];

/** The faults among some subjects. */
export function faultsAmong(some: readonly Subject[]): (Subject & { kind: 'fault' })[] {
  return some.filter((subject) => subject.kind === 'fault');
}

/** The controls among some subjects. */
export function controlsAmong(some: readonly Subject[]): (Subject & { kind: 'control' })[] {
  return some.filter((subject) => subject.kind === 'control');
}

/** The subjects whose id contains a pattern, in which `*` stands for anything. */
export function subjectsMatching(pattern: string): Subject[] {
  const parts = pattern.split('*');
  return subjects.filter(({ id }) => {
    const ends = parts.reduce((from, part) => (from < 0 ? from : endOf(id, part, from)), 0);
    return ends >= 0;
  });
}

/** What a subject is called where a fault and a control may have the same id. */
export function nameOf({ kind, id }: { readonly kind: Subject['kind']; readonly id: string }): string {
  return `${kind} ${id}`;
}

function endOf(text: string, part: string, from: number): number {
  const start = text.indexOf(part, from);
  return start < 0 ? -1 : start + part.length;
}
