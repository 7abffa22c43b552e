/** Tells in a line why a command stopped; a command line that cannot be read is answered with the usage. */
export function describeFailure(error: unknown, usage: string): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_PARSE_ARGS')) return error.message;
  return `${error.message.replace(/\.? *$/, '.')} Usage: ${usage}`;
}
