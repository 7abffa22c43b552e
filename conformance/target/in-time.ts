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
