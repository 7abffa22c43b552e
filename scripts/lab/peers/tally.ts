import type { PeerVerdict } from './peer.ts';

/** What a row of the table said of one server. */
export interface Judged {
  readonly kind: 'fault' | 'control';
  readonly id: string;
  readonly verdict: PeerVerdict;
  /** In milliseconds. */
  readonly duration: number;
  readonly requests: number;
}

/** One row of the table. */
export interface Tally {
  readonly name: string;
  readonly version: string;
  readonly configuration: string;
  readonly faults: number;
  /** The faults that it reported, by their ids. */
  readonly found: readonly string[];
  readonly controls: number;
  /** The controls that it reported, by their ids. */
  readonly falseAlarms: readonly string[];
  /** The servers on which it crashed or did not end in time, by their ids. */
  readonly withoutVerdict: readonly string[];
  /** The time that all servers together took, in milliseconds. */
  readonly wallTime: number;
  readonly requests: number;
}

/** Counts what was said of the servers, so many of them at once. A tool that crashed or did not end has found nothing. */
export function tallyOf(
  { name, version, configuration }: Pick<Tally, 'name' | 'version' | 'configuration'>,
  judged: readonly Judged[],
  atOnce: number,
): Tally {
  const ids = (kind: Judged['kind'], ...verdicts: readonly PeerVerdict[]) =>
    judged
      .filter((one) => one.kind === kind && verdicts.includes(one.verdict))
      .map(({ id }) => id)
      .toSorted();
  return {
    name,
    version,
    configuration,
    faults: judged.filter(({ kind }) => kind === 'fault').length,
    found: ids('fault', 'failed'),
    controls: judged.filter(({ kind }) => kind === 'control').length,
    falseAlarms: ids('control', 'failed'),
    withoutVerdict: [...ids('fault', 'crashed', 'timed out'), ...ids('control', 'crashed', 'timed out')],
    wallTime: sumOf(judged.map(({ duration }) => duration)) / atOnce,
    requests: sumOf(judged.map(({ requests }) => requests)),
  };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
