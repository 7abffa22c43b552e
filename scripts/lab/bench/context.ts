import type { PlainServer } from './processes/start-plain-server.ts';

/** What every part is given. */
export interface Context {
  readonly rounds: number;
  /** Where what is compared is installed, and may be found by the next run. */
  readonly folder: string;
  /** Another checkout of the repository, with its packages installed, that is compared with. */
  readonly against?: string | undefined;
  /** A correct server that answers at once. */
  readonly server: PlainServer;
}
