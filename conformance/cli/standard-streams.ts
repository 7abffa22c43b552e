import process from 'node:process';

/** Standard output, as far as it could not be written. */
export interface WatchedOutput {
  /** Tells what could not be written until now, and from now on at once. */
  tell(): void;
}

/** The exit code of a command that did all it was asked for, but could not print it. */
const unprinted = 2;

/**
 * Has a command go on where standard output or standard error cannot be written: its reports are worth more. A reader
 * of standard output that goes may have seen enough, as `head` has; whatever else keeps it from being written is
 * remembered, to be told in one line, and makes 2 of exit code 0.
 */
export function watchOutput(): WatchedOutput {
  let failure: Error | undefined;
  let isTold = false;
  let isAtOnce = false;
  const tell = () => {
    isAtOnce = true;
    if (failure === undefined || isTold) return;
    isTold = true;
    process.stderr.write(
      `Standard output could not be written, and lacks something: ${failure.message}. Make room, or send it elsewhere.\n`,
    );
    if ((process.exitCode ?? 0) === 0) process.exitCode = unprinted;
  };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    failure ??= error;
    if (isAtOnce) tell();
  });
  // There is nowhere left to tell it.
  process.stderr.on('error', () => undefined);
  return { tell };
}
