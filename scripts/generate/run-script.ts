import { execFile } from 'node:child_process';
import process from 'node:process';

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const maximumOutputBytes = 64 * 1024 * 1024;

/** Runs a script on the Node.js that this process runs on, and waits for its end, whatever its exit code. */
export function runScript(
  script: string,
  commandLine: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { env: environment, maxBuffer: maximumOutputBytes };
    execFile(process.execPath, [script, ...commandLine], options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
