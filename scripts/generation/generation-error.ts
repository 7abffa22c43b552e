/** A failure that the maintainer can mend, told in one line per problem and without a stack trace. */
export class GenerationError extends Error {
  override readonly name = 'GenerationError';
}
