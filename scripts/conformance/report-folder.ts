import { accessSync, constants, mkdirSync } from 'node:fs';
import { InputError } from '../input-error.ts';

/**
 * Makes a report folder, so that what is wrong with it is told before anything is sent.
 *
 * @throws InputError with one line, if it cannot be made or written to.
 */
export function makeReportFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`The report folder ${folder} cannot be made: ${(error as Error).message}`);
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new InputError(`The report folder ${folder} cannot be written to: ${(error as Error).message}`);
  }
}
