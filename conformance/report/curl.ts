import type { SentRequest } from '../target/exchange.ts';

/**
 * The curl command that sends a request again.
 *
 * @param origin - What stands before the path; a shell variable such as `$URL` is expanded by the shell.
 */
export function curlOf({ method, path, headers, body }: SentRequest, origin: string): string {
  const fields = Object.entries(headers)
    .filter(([name]) => name !== 'accept-encoding' && name !== 'accept')
    .map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  // Without a Content-Type of its own curl would declare a form.
  if (body !== undefined && headers['content-type'] === undefined) fields.push("-H 'content-type:'");
  const data = body === undefined ? [] : [`--data-binary ${quoted(body)}`];
  const target = `"${origin}"${quoted(path)}`;
  return ['curl -i --path-as-is', ...(method === 'GET' ? [] : [`-X ${method}`]), target, ...fields, ...data].join(' ');
}

/** A text as one word of a POSIX shell; a token's placeholder stays open to expansion. */
function quoted(text: string): string {
  if (text.includes('$CONFORMANCE_TOKEN')) {
    return `"${text.replaceAll(/["\\`]/g, '\\$&')}"`;
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}
