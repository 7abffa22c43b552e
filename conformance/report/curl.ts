import type { SentRequest } from '../target/exchange.ts';

/** What stands for the token in an exchange, a variable of the shell. */
const tokenPlaceholder = '$CONFORMANCE_TOKEN';

/** What is not seen, or acts on a terminal, or looks like something else: all but printable ASCII. */
const unseen = /[^\x20-\x7e]/;

/**
 * The curl command that sends a request again, on one line in which every character is seen. A body that curl
 * could not be given so is written by printf.
 *
 * @param origin - What stands before the path.
 */
export function curlOf({ method, path, headers, body }: SentRequest, origin: string): string {
  const fields = Object.entries(headers)
    .filter(([name]) => name !== 'accept-encoding' && name !== 'accept')
    .map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  // Without a Content-Type of its own curl would declare a form.
  if (body !== undefined && headers['content-type'] === undefined) fields.push("-H 'content-type:'");
  // Curl takes what begins with @ for the name of a file.
  const isPiped = body !== undefined && (unseen.test(body) || body.startsWith('@'));
  const data = body === undefined ? [] : [`--data-binary ${isPiped ? '@-' : quoted(body)}`];
  const chosen = method === 'GET' ? [] : [`-X ${method}`];
  const curl = ['curl -i --path-as-is', ...chosen, quoted(`${origin}${path}`), ...fields, ...data].join(' ');
  return isPiped ? `printf ${quoted(formatOf(body))} | ${curl}` : curl;
}

/** The format with which printf writes a text, in octal where it is not seen: all shells know that. */
function formatOf(text: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll(/[^\x20-\x7e]+/g, (part) => [...new TextEncoder().encode(part)].map(octal).join(''));
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
