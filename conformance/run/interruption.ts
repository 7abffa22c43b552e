import { BroadcastChannel } from 'node:worker_threads';

/** A run ends early. Its message is the reason why cases are unreached. */
export class CutShort extends Error {}

/** What a run is told when somebody ends it by hand. */
export const interrupted = 'the run was interrupted';

/** Ends a run in another thread of this process. */
export interface Interruption {
  /** Ends the run early, now or as soon as it begins. */
  interrupt(): void;
  close(): void;
}

/** What a thread says that wants to know of an interruption. */
const listening = 'listening';

/**
 * Prepares the interruption of a run in another thread.
 *
 * @param channel - What the run listens to by {@link interruptionSignal}.
 */
export function prepareInterruption(channel: string): Interruption {
  const broadcast = new BroadcastChannel(channel);
  let isInterrupted = false;
  broadcast.onmessage = ({ data }) => {
    if (isInterrupted && data === listening) broadcast.postMessage(interrupted);
  };
  broadcast.unref();
  return {
    interrupt: () => {
      isInterrupted = true;
      broadcast.postMessage(interrupted);
    },
    close: () => broadcast.close(),
  };
}

/** Aborts when the thread that prepared an interruption wants the run to end. */
export function interruptionSignal(channel: string): AbortSignal {
  const controller = new AbortController();
  const broadcast = new BroadcastChannel(channel);
  broadcast.onmessage = ({ data }) => {
    if (data === interrupted) controller.abort(new CutShort(interrupted));
  };
  broadcast.unref();
  broadcast.postMessage(listening);
  return controller.signal;
}
