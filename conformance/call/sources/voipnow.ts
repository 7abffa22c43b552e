import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseIfJson } from '../../contract/json.ts';
import { requestText } from '../../target/transport.ts';
import type { CallContext, CallSource, PlacedCall } from '../call-source.ts';

/**
 * Places calls on VoipNow itself and ends them, through the UnifiedAPI: `POST /uapi/phoneCalls/{user}/simple` makes the
 * system ring `--number`, the source of the call, and then `--from`, its destination; `DELETE` of the call hangs it up.
 * The extension of the call is `--extension`, a phone terminal of `--user`. Both parties must pick up by themselves,
 * and as often at once as `--concurrency` says. They are called `number` and `from` since the destination is the party
 * that transfers the call, and the source is the one that is transferred.
 *
 * Environment: `VOIPNOW_OTHER_EXTENSION`, another phone terminal of the User, for profile bulk; it calls `--from`.
 * `VOIPNOW_WAIT_FOR_PICKUP`, how many seconds a telephone may ring, 25 if left out. `VOIPNOW_CALL_DURATION`, after how
 * many seconds the system ends a call that is still there, 600 if left out.
 */
const voipNow: CallSource = {
  async place(context) {
    const parties = partiesOf(context);
    const { user = '@me' } = context;
    const query = new URLSearchParams({
      waitForPickup: String(seconds('VOIPNOW_WAIT_FOR_PICKUP', 25)),
      callDuration: String(seconds('VOIPNOW_CALL_DURATION', 600)),
      allowPublicTransfer: 'true',
    });
    const view = { source: [parties.number], destination: [parties.from] };
    const body = JSON.stringify({ extension: parties.extension, phoneCallView: [view] });
    const answer = await send(context, 'POST', `${encodeURIComponent(user)}/simple?${query}`, body);
    const call = answer.status < 300 ? idIn(answer.body) : undefined;
    if (call === undefined) throw new Error(`placing a call was answered with ${described(answer)}`);
    const placed = { user, call, ...parties };
    try {
      await untilOnCall(placed, context);
    } catch (error) {
      // The suite does not know the call yet, and the signal may have aborted.
      await voipNow.end(placed, { ...context, signal: AbortSignal.timeout(endLimit) }).catch(() => undefined);
      throw error;
    }
    return placed;
  },

  async end(placed, context) {
    const answer = await send(context, 'DELETE', pathOf(placed));
    const hasEnded = answer.status < 300 || codeIn(answer.body) === 'pc_phoncall_invalid';
    if (!hasEnded) throw new Error(`hanging up was answered with ${described(answer)}`);
  },
};

export default voipNow;

/** The time limit of hanging up where it is tried after a failure, in milliseconds. */
const endLimit = 10_000;

/** The time between two looks at a call that rings, in milliseconds. */
const pollInterval = 250;

/** The statuses of a PhoneCallView: 4, the other side is ringing; 5, on call. */
const onCall = '5';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Parties = Pick<PlacedCall, 'extension' | 'from' | 'number'>;

function partiesOf({ extension, from, number, otherExtension }: CallContext): Parties {
  if (extension === undefined || from === undefined || number === undefined) {
    throw new Error('name the extension and the two parties that are called, with --extension, --number and --from');
  }
  if (!otherExtension) return { extension, from, number };
  const other = process.env.VOIPNOW_OTHER_EXTENSION;
  if (other === undefined) throw new Error('name another extension of the User in VOIPNOW_OTHER_EXTENSION');
  return { extension: other, from, number: other };
}

function seconds(variable: string, otherwise: number): number {
  const text = process.env[variable] ?? String(otherwise);
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Error(`${variable} is ${text}, expected a number of seconds`);
}

/** Waits until a call is live, which ends by the context's signal. */
async function untilOnCall(placed: PlacedCall, context: CallContext): Promise<void> {
  for (;;) {
    const answer = await send(context, 'GET', pathOf(placed));
    if (answer.status !== 200) throw new Error(`the call ended before it was live (${described(answer)})`);
    const views = callsIn(answer.body).flatMap(({ phoneCallView }) =>
      Array.isArray(phoneCallView) ? phoneCallView : [],
    );
    if (views.some((view: unknown) => String((view as { status?: unknown } | null)?.status) === onCall)) return;
    await sleep(pollInterval, undefined, { signal: context.signal });
  }
}

/**
 * The number of times that a request is sent with another token after one was refused. The next one may expire
 * meanwhile, too.
 */
const renewals = 2;

/** Sends a request to the target only, and again with another token if one is refused. */
async function send(
  context: CallContext,
  method: string,
  path: string,
  body?: string,
  token = context.token,
  renewalsLeft = renewals,
): Promise<Answer> {
  const { status, text } = await requestText(`${context.baseUrl}/uapi/phoneCalls/${path}`, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body,
    signal: context.signal,
    transport: context.transport,
  });
  const isRefused = (status === 401 || status === 403) && renewalsLeft > 0;
  const other = isRefused ? await context.tokenInstead(token) : undefined;
  if (other !== undefined) return send(context, method, path, body, other, renewalsLeft - 1);
  return { status, body: parseIfJson(text) };
}

function pathOf({ user = '@me', extension, call }: PlacedCall): string {
  return [user, extension, call].map(encodeURIComponent).join('/');
}

/** The id of the call in an answer: the documentation has an array of PhoneCalls, other answers of the API a list. */
function idIn(body: unknown): string | undefined {
  const id = callsIn(body)[0]?.id;
  return typeof id === 'string' && /^[\w.:-]+$/.test(id) && !/^\.+$/.test(id) ? id : undefined;
}

function callsIn(body: unknown): Record<string, unknown>[] {
  const { entry = body } = (body ?? {}) as { entry?: unknown };
  return [entry].flat().filter((call): call is Record<string, unknown> => typeof call === 'object' && call !== null);
}

function codeIn(body: unknown): string | undefined {
  const code = (body as { error?: { code?: unknown } | null } | null | undefined)?.error?.code;
  return typeof code === 'string' ? code : undefined;
}

function described({ status, body }: Answer): string {
  return [String(status), codeIn(body) ?? (status < 300 ? 'without the id of a call' : '')].join(' ').trim();
}
