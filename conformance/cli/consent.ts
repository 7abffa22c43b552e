import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { exampleFixture, type Fixture } from '../call/fixture.ts';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import { controlTransfer } from '../cases/plan.ts';
import type { Suite } from '../cases/suite.ts';
import { InputError } from '../contract/input-error.ts';
import { counted } from '../report/texts.ts';
import { missingOf } from '../run/features.ts';
import type { Target } from '../run/target.ts';

/** The streams on which a question is asked and answered. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Tells what a run is going to move on a live system, and asserts that this is wanted.
 *
 * @param isWanted - True if the command line says so.
 * @throws InputError with one line, if it is not wanted.
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

/** Describes what a run is going to do, for those whose telephones ring. */
export function summaryOf(undertaking: Undertaking): string[] {
  const { baseUrl, call, endangered, transfers, bulkTransfers, refusals, sendTo, extension } = undertaking;
  const target = `to ${sendTo.join(' or ')}`;
  return [
    `${baseUrl} is not on your own machine. This run`,
    ...(transfers > 0 ? [`  transfers ${call}, ${times(transfers)}, ${target};`] : []),
    ...(bulkTransfers > 0
      ? [`  TRANSFERS EVERY CALL OF EXTENSION ${extension}, ${times(bulkTransfers)}, ${target} (profile bulk);`]
      : []),
    ...(refusals > 0
      ? [
          `  sends ${counted(refusals, 'transfer')} that must be refused: a server that accepts one may move ${endangered} too.`,
        ]
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

/** The transfers that a run is going to make, as far as a server keeps to the contract, and the others that it sends. */
export type Undertaking = NonNullable<ReturnType<typeof undertakingOf>>;

/**
 * Returns what a run of some cases is going to do to the calls of its target, or undefined if it sends no transfer at
 * all.
 */
export function undertakingOf(suite: Suite, cases: readonly (Case | FuzzCase)[], target: Target, placesCalls: boolean) {
  const missing = missingOf(target, placesCalls);
  const sent = cases
    .filter(({ needs }) => !needs.some((feature) => missing.has(feature)))
    .filter(({ effect }) => target.readOnly !== true || !effect.startsWith('moves'));
  if (missing.has('fixture')) return undefined;
  // A source names the rest when it places a call; here they only count.
  const fixture: Fixture = { ...exampleFixture(suite.contract), ...target.fixture };
  const count = (effects: readonly Case['effect'][]) =>
    sent
      .filter(({ effect }) => effects.includes(effect))
      .reduce((sum, each) => sum + transfersOf(each, suite, fixture), 0);
  // The transfers that make a generated value smaller cannot be counted.
  const counts = {
    transfers: count(['moves']),
    bulkTransfers: count(['moves all']),
    refusals: count(['keeps', 'watches']),
  };
  if (Object.values(counts).every((number) => number === 0)) return undefined;
  const { user = '@me', extension = '@self', call, sendTo = [], foreignCall } = target.fixture;
  const named = !placesCalls ? `call ${call} of User ${user}, extension ${extension}` : 'calls that --calls places';
  const foreign = foreignCall === undefined ? '' : `, or call ${foreignCall.call} of User ${foreignCall.user},`;
  const { baseUrl } = target;
  // The call that is transferred, in words, and those that only a mistake of the server moves.
  return { baseUrl, call: named, endangered: `${named}${foreign}`, extension, sendTo, ...counts };
}

function transfersOf(testCase: Case | FuzzCase, suite: Suite, fixture: Fixture): number {
  if ('recipes' in testCase) return testCase.batches.reduce((sum, { count }) => sum + count, 0);
  const control = controlTransfer(suite, fixture, fixture.sendTo[0] ?? '');
  return testCase.send(control, fixture).filter(({ method }) => method === 'PUT').length;
}
