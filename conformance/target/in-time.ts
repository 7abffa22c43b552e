/** The largest number of parts of a time, and the length of the shortest part, in milliseconds. */
const mostParts = 10;
const shortestPart = 20;

/**
 * Calls back after a time in which this thread could take notice of what came. While it is kept busy, or gets no
 * processor, time does not pass for it: a stall counts as one part of the time, however long it is. What came meanwhile
 * is seen before the call.
 *
 * @param milliseconds - How long that is.
 * @returns What calls it off.
 */
export function afterFreeTime(milliseconds: number, callback: () => void): () => void {
  const parts = Math.min(mostParts, Math.max(1, Math.floor(milliseconds / shortestPart)));
  let left = parts;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const wait = () => {
    // Node.js calls timers before it looks at sockets, and this after it.
    if (left-- === 0) immediate = setImmediate(callback);
    else timer = setTimeout(wait, Math.ceil(milliseconds / parts));
  };
  wait();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/**
 * Returns the result of a task that takes no longer than a limit. A task that takes longer is not ended.
 *
 * @param limit - The time limit, in milliseconds.
 * @throws The error that the task throws, or the one that says that it took too long.
 */
export async function inTime<Result>(task: Promise<Result>, limit: number, tooLate: () => Error): Promise<Result> {
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => expired.reject(tooLate()), limit);
  try {
    return await Promise.race([task, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}
