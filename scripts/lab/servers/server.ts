import type { WrongAnswer } from '../../../conformance/self-check/wrong-answer.ts';
import type { Verdict } from '../../../conformance/report/model.ts';
import type { RunningServer } from '../../../conformance/mock/listener.ts';

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
