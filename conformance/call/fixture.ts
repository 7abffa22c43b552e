import { operationById, type Contract, type Parameter } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';

/** The numbers of the two parties that a transfer names. */
export interface Parties {
  /** The party that transfers the call, and leaves it. */
  readonly from: string;
  /** The party that is transferred, and stays. */
  readonly number: string;
}

/** The live call that may be transferred, and the numbers that it may go to. */
export interface Fixture extends Parties {
  readonly user: string;
  readonly extension: string;
  readonly call: string;
  /** The numbers that a call may be sent to, in the order of preference. */
  readonly sendTo: readonly string[];
  /** Other live calls of the User, which must stay where they are. They are never transferred. */
  readonly otherCalls: readonly OtherCall[];
  /** Other live calls of the User that may be transferred too: those that a source placed, or of the mock. */
  readonly spareCalls: readonly SpareCall[];
  /** An extension that has no calls. */
  readonly idleExtension: string;
  /** A live call of another User, which the token must not reach. */
  readonly foreignCall?: ForeignCall;
}

/** A live call of the User, besides the one of the fixture. */
export interface OtherCall {
  readonly extension: string;
  readonly call: string;
  /** The User that owns it; the one of the fixture, if left out. */
  readonly user?: string;
}

/** A live call of another User. */
export type ForeignCall = OtherCall & { readonly user: string };

export type SpareCall = OtherCall & Parties;

/** The members of a fixture that the user may name. */
export type NamedMember = Exclude<keyof Fixture, 'spareCalls'>;

/** The flag of each member of a fixture. */
export const fixtureFlags: Readonly<Record<NamedMember, string>> = {
  user: '--user',
  extension: '--extension',
  call: '--call',
  sendTo: '--send-to',
  from: '--from',
  number: '--number',
  otherCalls: '--other-call',
  idleExtension: '--idle-extension',
  foreignCall: '--foreign-call',
};

/** The members of a fixture that the user may name. */
export const fixtureMembers = Object.keys(fixtureFlags) as NamedMember[];

/** Returns the fixture that the examples of the contract describe, which is what a mock knows. */
export function exampleFixture(contract: Contract): Fixture {
  const operation = operationById(contract, 'transferPhoneCall');
  const place = ({ name }: Parameter) => operation.path.indexOf(`{${name}}`);
  const inPath = operation.parameters.filter((parameter) => parameter.place === 'path');
  const [user = '', extension = '', call = ''] = inPath
    .toSorted((one, other) => place(one) - place(other))
    .map(({ examples }) => String([...examples.values()][0]));
  const bodies = [...(operation.body?.content[0]?.examples.values() ?? [])].filter(isObject);
  const parties = { from: String(bodies[0]?.transferFromNumber), number: String(bodies[0]?.transferNumber) };
  return {
    user,
    extension,
    call,
    sendTo: [...new Set(bodies.map(({ sendCallTo }) => String(sendCallTo)))],
    ...parties,
    otherCalls: [],
    spareCalls: listOtherCalls(contract, call).map((other) => ({ ...other, ...parties })),
    idleExtension: parties.from,
  };
}

function listOtherCalls(contract: Contract, call: string): OtherCall[] {
  const { responses } = operationById(contract, 'getPhoneCall');
  return responses
    .flatMap(({ content }) => content.flatMap(({ examples }) => [...examples.values()]))
    .flatMap(callsIn)
    .filter(({ id }) => id !== call)
    .map(({ id, extension }) => ({ extension: String(extension), call: String(id) }));
}

/** Returns the PhoneCalls in a body that is one or lists them. */
export function callsIn(body: JsonValue): JsonObject[] {
  if (!isObject(body)) return [];
  if (Array.isArray(body.entry)) return body.entry.filter(isObject);
  return typeof body.id === 'string' ? [body] : [];
}
