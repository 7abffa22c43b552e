import type { RunningServer } from '../../../conformance/mock/listener.ts';
import type { Verdict } from '../../../conformance/report/model.ts';
import type { WrongAnswer } from '../../../conformance/self-check/wrong-answer.ts';
import type { Behaviour } from './plain/behaviour.ts';
import { startPlainServer, type PlainServerOptions } from './plain/start.ts';

/** A server that breaks one documented thing and is right in everything else. */
export interface FaultyServer {
  /** Family and name, unique in the catalogue. */
  readonly id: string;
  /** The one documented thing that it breaks. */
  readonly says: string;
  /** The requirement, by its id in the register, that must catch it. */
  readonly requirement?: string;
  /** The wrong answer of the self-check's catalogue that it gives, if it does so. The self-check says what must find it. */
  readonly wrongAnswer?: WrongAnswer;
  start(): Promise<RunningServer>;
}

/** A server that is right, however unusual. */
export interface UnusualServer {
  /** Unique in the catalogue. */
  readonly id: string;
  /** The unusual thing about it. */
  readonly says: string;
  /** The implementation that it varies. */
  readonly implementation: string;
  /** The requirements of level SHOULD that it breaks. */
  readonly warns?: readonly string[];
  /** Its verdict where that is not `conforming`: a call that a transfer uses up leaves requirements unreached. */
  readonly ends?: Verdict;
  start(): Promise<RunningServer>;
}

/** The behaviour that differs; a function if it has state, so that each server starts with its own. */
type Difference = Partial<Behaviour> | (() => Partial<Behaviour>);

/** Plain servers that each break a requirement in one thing, by the requirement. */
export type Faults = Readonly<Record<string, readonly FaultRow[]>>;
export type FaultRow = readonly [id: string, says: string, difference: Difference];

/** A plain server that is unusual in one thing, and right. */
export type ControlRow = readonly [
  id: string,
  says: string,
  difference: Difference,
  options?: Pick<UnusualServer, 'warns'> & Omit<PlainServerOptions, 'behaviour'>,
];

/** Makes the faulty servers of a family. */
export function makeFaults(family: Faults): FaultyServer[] {
  return Object.entries(family).flatMap(([requirement, rows]) =>
    rows.map(([id, says, difference]) => {
      return { id, requirement, says, start: () => startPlainServer({ behaviour: makeBehaviour(difference) }) };
    }),
  );
}

/** Makes the unusual server of a row. */
export function makeControl([id, says, difference, { warns, ...options } = {}]: ControlRow): UnusualServer {
  const start = () => startPlainServer({ ...options, behaviour: makeBehaviour(difference) });
  return { id, says, implementation: 'plain', ...(warns && { warns }), start };
}

function makeBehaviour(difference: Difference): Partial<Behaviour> {
  return typeof difference === 'function' ? difference() : difference;
}
