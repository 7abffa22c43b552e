import type { SentRequest } from '../target/exchange.ts';

/** What stands for the token in an exchange, a variable of the shell. */
const tokenPlaceholder = '$CONFORMANCE_TOKEN';

/**
 * The curl command that sends a request again.
 *
 * @param origin - What stands before the path.
 */
export function curlOf({ method, path, headers, body }: SentRequest, origin: string): string {
  const fields = Object.entries(headers)
    .filter(([name]) => name !== 'accept-encoding' && name !== 'accept')
    .map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  // Without a Content-Type of its own curl would declare a form.
  if (body !== undefined && headers['content-type'] === undefined) fields.push("-H 'content-type:'");
  const data = body === undefined ? [] : [`--data-binary ${quoted(body)}`];
  const chosen = method === 'GET' ? [] : [`-X ${method}`];
  return ['curl -i --path-as-is', ...chosen, quoted(`${origin}${path}`), ...fields, ...data].join(' ');
}

/** A text as one word of a POSIX shell; a token's placeholder stays open to expansion. */
function quoted(text: string): string {
  if (text.includes(tokenPlaceholder)) {
    const escaped = text.replaceAll(/["\\`$]/g, '\\$&');
    // Where a letter follows, the shell would take it for a part of the variable's name.
    const open = escaped.replaceAll(/\\\$(CONFORMANCE_TOKEN)(?=\w)/g, '${$1}');
    return `"${open.replaceAll(`\\${tokenPlaceholder}`, tokenPlaceholder)}"`;
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}
