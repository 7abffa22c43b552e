import type { Exchange, Report } from '../model.ts';

/** Writes all exchanges as an HTTP Archive 1.2, which browsers and proxies open. Each names its case. */
export function harReport(report: Report): string {
  const { tool, target, startedAt, cases } = report;
  const begun = Date.parse(startedAt);
  const entries = cases.flatMap(({ id, title, exchanges }) =>
    exchanges.map((exchange) => makeEntry(exchange, target.origin, { startedAt: begun, comment: `${id}: ${title}` })),
  );
  const log = {
    version: '1.2',
    creator: { name: tool.name, version: tool.version },
    // Reports keep how long an exchange took, not when it began.
    comment: 'All entries have the time at which the run began.',
    entries,
  };
  return `${JSON.stringify({ log }, undefined, 2)}\n`;
}

function makeEntry(
  { request, response, failure }: Exchange,
  origin: string,
  { startedAt, comment }: { readonly startedAt: number; readonly comment: string },
): object {
  const { method, path, headers, body } = request;
  const url = `${origin}${path}`;
  const time = response?.duration ?? 0;
  const mimeType = headers['content-type'] ?? '';
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time,
    request: {
      method,
      url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: listFields(headers),
      queryString: listQuery(url),
      ...(body === undefined ? {} : { postData: { mimeType, text: body } }),
      headersSize: -1,
      bodySize: body === undefined ? 0 : Buffer.byteLength(body),
    },
    // A status of 0 is how browsers write that no answer came.
    response: {
      status: response?.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: listFields(response?.headers ?? {}),
      content: {
        size: response?.body.length ?? 0,
        mimeType: response?.headers['content-type'] ?? 'x-unknown',
        text: response?.body.text ?? '',
      },
      redirectURL: response?.headers.location ?? '',
      headersSize: -1,
      bodySize: -1,
      ...(failure === undefined ? {} : { comment: failure.message }),
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    comment,
  };
}

function listFields(fields: Readonly<Record<string, string>>): { readonly name: string; readonly value: string }[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}

function listQuery(url: string): { readonly name: string; readonly value: string }[] {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}
