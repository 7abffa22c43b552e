/** An answer as it stands in the bytes that came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

/** The answers in what came, and the bytes behind them that are not, or not yet, one. */
export interface ReadAnswers {
  readonly answers: readonly RawAnswer[];
  readonly rest: Buffer;
}

const end = Buffer.from('\r\n\r\n');
const start = Buffer.from('HTTP/1.1 ');

/**
 * Takes apart what came over a connection. Interim answers are left out.
 *
 * @param answersHead - Whether what states a length may have no content, as what answers HEAD.
 */
export function readAnswers(received: Buffer, answersHead: boolean): ReadAnswers {
  const answers: RawAnswer[] = [];
  let rest = received;
  for (;;) {
    const length = rest.indexOf(end);
    const head = rest.subarray(0, length).toString('latin1');
    const status = Number(/^HTTP\/1\.1 (\d{3}) [^\r\n]*(?:\r\n[\w-]+: [^\r\n]*)*$/.exec(head)?.[1]);
    if (length === -1 || !status) return { answers, rest };
    const headers = headersOf(head);
    const behind = rest.subarray(length + end.length);
    const size = contentLength(status, headers, answersHead && isEnd(behind));
    if (size === undefined || behind.length < size) return { answers, rest };
    if (status >= 200) answers.push({ status, headers, content: behind.subarray(0, size) });
    rest = behind.subarray(size);
  }
}

function headersOf(head: string): Map<string, string> {
  const fields = head.split('\r\n').slice(1);
  return new Map(
    fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]),
  );
}

/** How many bytes of content follow a header section, as it states, or undefined where it does not. */
function contentLength(status: number, headers: ReadonlyMap<string, string>, isHead: boolean): number | undefined {
  if (status < 200 || status === 204) return 0;
  const length = headers.get('content-length');
  if (length === undefined || !/^\d+$/.test(length)) return undefined;
  return isHead ? 0 : Number(length);
}

/** Whether the next answer, or none, follows. */
function isEnd(behind: Buffer): boolean {
  return behind.length === 0 || behind.subarray(0, start.length).equals(start);
}
