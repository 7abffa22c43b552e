import process from 'node:process';
import { CutShort } from './interruption.ts';
import { messageOf } from './message-of.ts';

/** How the reason begins of a run that ended early for an error which nobody handled. */
const nobodyHandled = 'an error came that nobody handled';

/**
 * Takes notice of errors in this thread that nobody handles, such as those of a source of calls that throws where nobody
 * waits for it: they would end the thread, and leave the calls that were placed.
 *
 * @returns What aborts at the first of them, by a CutShort.
 */
export function strayErrorSignal(): AbortSignal {
  const controller = new AbortController();
  const note = (error: unknown) => controller.abort(new CutShort(`${nobodyHandled}: ${messageOf(error)}`));
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  // It would end this thread, too.
  process.exit = (exitCode) => {
    throw new Error(`process.exit(${exitCode ?? ''}) was called`);
  };
  return controller.signal;
}
