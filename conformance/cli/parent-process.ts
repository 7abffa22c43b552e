import process from 'node:process';

/** How often it is looked whether the parent process has ended, in milliseconds. */
const period = 250;

// Read as early as can be: a parent that has ended is another one from then on.
const parent = process.ppid;

let watch: NodeJS.Timeout | undefined;

/**
 * Has a script that npm runs end when its parent does, as by SIGTERM. Whoever ends `npm run` by that signal ends npm and
 * the shell that npm started, which hands it on to nobody.
 */
export function endWithParent(): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  watch = setInterval(() => {
    if (process.ppid === parent) return;
    outliveParent();
    process.kill(process.pid, 'SIGTERM');
  }, period).unref();
}

/** Has a script that is ending already take its time: the end of its parent is no second signal. */
export function outliveParent(): void {
  clearInterval(watch);
}
