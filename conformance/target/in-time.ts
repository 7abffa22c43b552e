/**
 * What a task comes to, unless it takes too long; it is not ended then.
 *
 * @param limit - How long it may take, in milliseconds.
 * @throws What the task throws, or what says that it took too long.
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
