import { operationById, type Contract, type Parameter } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';

/** The live call that may be transferred, and the numbers that it may go to. */
export interface Fixture {
  readonly user: string;
  readonly extension: string;
  readonly call: string;
  /** The numbers that a call may be sent to, in the order of preference. */
  readonly sendTo: readonly string[];
  readonly from: string;
  readonly number: string;
  /** Other live calls of the User, which must stay where they are. */
  readonly otherCalls: readonly OtherCall[];
  /** An extension that has no calls. */
  readonly idleExtension: string;
}

/** A live call that is not transferred. */
export interface OtherCall {
  readonly extension: string;
  readonly call: string;
}

/** What a fixture member is called on the command line. */
export const fixtureFlags: Readonly<Record<keyof Fixture, string>> = {
  user: '--user',
  extension: '--extension',
  call: '--call',
  sendTo: '--send-to',
  from: '--from',
  number: '--number',
  otherCalls: '--other-call',
  idleExtension: '--idle-extension',
};

/** The fixture that the contract's own examples describe, which is what a mock knows. */
export function exampleFixture(contract: Contract): Fixture {
  const operation = operationById(contract, 'transferPhoneCall');
  const [user, extension, call] = operation.parameters.map(firstExample);
  const bodies = [...(operation.body?.content[0]?.examples.values() ?? [])].filter(isObject);
  return {
    user: user ?? '',
    extension: extension ?? '',
    call: call ?? '',
    sendTo: [...new Set(bodies.map(({ sendCallTo }) => String(sendCallTo)))],
    from: String(bodies[0]?.transferFromNumber),
    number: String(bodies[0]?.transferNumber),
    otherCalls: otherCalls(contract, call ?? ''),
    idleExtension: String(bodies[0]?.transferFromNumber),
  };
}

function firstExample({ examples }: Parameter): string {
  return String([...examples.values()][0]);
}

function otherCalls(contract: Contract, call: string): OtherCall[] {
  const { responses } = operationById(contract, 'getPhoneCall');
  return responses
    .flatMap(({ content }) => content.flatMap(({ examples }) => [...examples.values()]))
    .flatMap(callsIn)
    .filter(({ id }) => id !== call)
    .map(({ id, extension }) => ({ extension: String(extension), call: String(id) }));
}

/** The PhoneCalls in a body that is one or lists them. */
export function callsIn(body: JsonValue): JsonObject[] {
  if (!isObject(body)) return [];
  if (Array.isArray(body.entry)) return body.entry.filter(isObject);
  return typeof body.id === 'string' ? [body] : [];
}
