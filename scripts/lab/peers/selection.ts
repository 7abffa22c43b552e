import { createHash } from 'node:crypto';
import { subjects, subjectsMatching, type Subject } from '../proof/subjects.ts';

/** Which servers of the catalogue the tools are tried on. */
export interface SelectionOptions {
  /** A part of their ids, in which `*` stands for anything. */
  readonly only?: string;
  /** How many faults; a third as many controls go with them. */
  readonly sample?: number;
}

/**
 * The servers that the tools are compared on, in an order that is the same each time and mixes the families, so that
 * its beginning is a sample. Left out are the faults of the profile `bulk`, which no tool is asked to exercise, and the
 * controls that break a SHOULD, which a tool that knows no warnings may well report.
 */
export function comparedServers({ only, sample }: SelectionOptions): Subject[] {
  const candidates = (only === undefined ? subjects : subjectsMatching(only)).filter(isCompared);
  const mixed = candidates.toSorted((one, other) => (hashOf(one) < hashOf(other) ? -1 : 1));
  if (sample === undefined) return mixed;
  const faults = mixed.filter(({ kind }) => kind === 'fault').slice(0, sample);
  const controls = mixed.filter(({ kind }) => kind === 'control').slice(0, Math.ceil(sample / 3));
  const chosen = new Set([...faults, ...controls]);
  return mixed.filter((subject) => chosen.has(subject));
}

function isCompared(subject: Subject): boolean {
  return subject.kind === 'fault' ? !subject.requirement?.startsWith('bulk/') : subject.warns === undefined;
}

function hashOf({ kind, id }: Subject): string {
  return createHash('sha256').update(`${kind} ${id}`).digest('hex');
}
