import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { InputError } from '../contract/input-error.ts';
import type { Undertaking } from './undertaking.ts';

/** Where a question is asked and answered. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Tells what a run is going to move on a live system, and asserts that somebody wants that.
 *
 * @param isWanted - Whether the command line says so.
 * @throws InputError with one line, if nobody does.
 */
export async function assertWanted(
  undertaking: Undertaking,
  isWanted: boolean,
  { input, output }: Conversation = { input: process.stdin, output: process.stderr },
): Promise<void> {
  output.write(`${summaryOf(undertaking).join('\n')}\n`);
  if (isWanted) return;
  if (input.isTTY !== true || output.isTTY !== true) {
    throw new InputError(
      `${undertaking.baseUrl} is not on your own machine: nothing was sent. Add --yes to have this done.`,
    );
  }
  if (/^y(?:es)?$/i.test(await answerTo('Do this? [y/N] ', { input, output }))) return;
  throw new InputError('Nothing was sent.');
}

/** What a run is going to do, for those whose telephones ring. */
export function summaryOf(undertaking: Undertaking): string[] {
  const { baseUrl, call, transfers, bulkTransfers, refusals, sendTo, extension } = undertaking;
  const target = `to ${sendTo.join(' or ')}`;
  return [
    `${baseUrl} is not on your own machine. This run`,
    ...(transfers > 0 ? [`  transfers ${call}, ${times(transfers)}, ${target};`] : []),
    ...(bulkTransfers > 0
      ? [`  TRANSFERS EVERY CALL OF EXTENSION ${extension}, ${times(bulkTransfers)}, ${target} (profile bulk);`]
      : []),
    ...(refusals > 0
      ? [`  sends ${refusals} transfers that must be refused: a server that accepts one may move ${call} too.`]
      : []),
  ];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

async function answerTo(question: string, { input, output }: Conversation): Promise<string> {
  const dialogue = createInterface({ input, output });
  // Ctrl-C and the end of the input are answers too.
  const ended = new Promise<string>((resolve) =>
    dialogue.once('SIGINT', () => resolve('')).once('close', () => resolve('')),
  );
  try {
    return (await Promise.race([dialogue.question(question).catch(() => ''), ended])).trim();
  } finally {
    dialogue.close();
  }
}
