import fc from 'fast-check';
import type { Contract } from '../../../conformance/contract/contract.ts';
import { brokenMessages, mutated } from './broken-messages.ts';
import type { Connection, Ending, Expectation, Message } from './connection.ts';
import { seldom } from './seldom.ts';
import { examplePath, validMessages, wellFormedMessages } from './requests.ts';

/** Request targets that a path of the contract can be mistaken for, or that can be mistaken for it. */
function odd(path: string): string[] {
  return [
    path,
    `/${path}`,
    `${path}/`,
    `${path}//`,
    `${path}/..`,
    `http://evil.example${path}`,
    `http:/${path}`,
    `${path}#a`,
    path.replaceAll('/', '//'),
    path.replaceAll('/', '\\'),
    path.replace(/[^/]+$/, ''),
    path.replace('uapi', '%75api'),
    '/',
    '*',
    '/%',
  ];
}

/** What clients send, from valid requests to noise, in one piece or in several. */
export function connections(contract: Contract): fc.Arbitrary<Connection> {
  const paths = contract.operations.flatMap((operation) => odd(examplePath(operation)));
  const unknown = (bytes: fc.Arbitrary<Buffer>) => bytes.map((given) => ({ bytes: given, expected: undefined }));
  const wellFormed = wellFormedMessages(contract);
  const bytesOf = ({ bytes }: Message): Buffer => bytes;
  const messages: fc.Arbitrary<Message> = fc.oneof(
    { weight: 25, arbitrary: validMessages(contract) },
    { weight: 30, arbitrary: wellFormed },
    { weight: 10, arbitrary: unknown(mutated(wellFormed.map(bytesOf))) },
    { weight: 10, arbitrary: unknown(mutated(validMessages(contract).map(bytesOf))) },
    { weight: 15, arbitrary: unknown(brokenMessages(paths)) },
    { weight: 5, arbitrary: unknown(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))) },
  );
  const delivery = fc.record({
    cuts: fc.array(fc.nat({ max: 2 ** 30 }), { maxLength: 3 }),
    end: seldom(12, fc.nat({ max: 2 ** 30 })),
    ending: endings(40),
    // What is not known to be complete may have to be waited for until the mock ends it.
    endingOfUnknown: endings(1),
  });
  const several = fc.oneof(
    { weight: 5, arbitrary: messages.map((message) => [message]) },
    { weight: 1, arbitrary: fc.array(messages, { minLength: 2, maxLength: 5 }) },
  );
  return fc.tuple(several, delivery).map(([sent, { cuts, end, ending, endingOfUnknown }]) => {
    const whole = Buffer.concat(sent.map(bytesOf));
    const bytes = end === undefined ? whole : whole.subarray(0, end % (whole.length + 1));
    const places = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((one, other) => one - other);
    const pieces = [0, ...places].map((place, index) => bytes.subarray(place, places[index]));
    const expected = end === undefined ? expectationsOf(sent) : undefined;
    const goesOn = expected !== undefined && expected.length < sent.length;
    return { pieces, ending: expected === undefined ? endingOfUnknown : ending, expected, goesOn };
  });
}

function expectationsOf(sent: readonly Message[]): Expectation[] | undefined {
  const expected: Expectation[] = [];
  for (const { expected: one } of sent) {
    if (one === undefined) return undefined;
    expected.push(one);
    if (one.isLast) break;
  }
  return expected;
}

function endings(waiting: number): fc.Arbitrary<Ending> {
  return fc.oneof(
    { weight: waiting, arbitrary: fc.constant<Ending>('waits') },
    { weight: 4, arbitrary: fc.constant<Ending>('is done') },
    { weight: 1, arbitrary: fc.constant<Ending>('leaves') },
  );
}
