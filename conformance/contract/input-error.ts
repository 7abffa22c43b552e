/** Something that the user typed, or a file that they named, is not as it must be. Its message is one line. */
export class InputError extends Error {}
