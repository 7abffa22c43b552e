import type { Exchange } from '../target/exchange.ts';

/** One way in which answers can be wrong, whoever gives them. */
export interface WrongAnswer {
  /** Family and name, unique in the catalogue. */
  readonly id: string;
  /** What a server does whose answers are like that. */
  readonly says: string;
  /** What a run needs, so that there are answers to corrupt. */
  readonly needs: string;
  /** The exchange as it would have been; undefined where the corruption changes nothing. The same for the same exchange. */
  readonly corrupt: (exchange: Exchange) => Exchange | undefined;
}

/** A name, a sentence, and what is changed. */
export type Row<Change> = readonly [name: string, says: string, change: Change];

/** Changes an exchange, or leaves it alone. */
export type Change = (exchange: Exchange) => Exchange | undefined;

/** Corruptions that have their needs in common and change only some exchanges. */
export function family(
  name: string,
  needs: string,
  isAbout: (exchange: Exchange) => boolean,
  rows: readonly Row<Change>[],
): WrongAnswer[] {
  return rows.map(([row, says, change]) => {
    const corrupt = (exchange: Exchange) => (isAbout(exchange) ? change(exchange) : undefined);
    return { id: `${name}/${row}`, says, needs, corrupt };
  });
}
