import { fileURLToPath } from 'node:url';

/** The root of the repository, which is the root of the package. */
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));
