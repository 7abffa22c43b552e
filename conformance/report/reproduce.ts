import type { CaseResult, SentRequest } from './model.ts';
import { counted, isCut } from './texts.ts';

/** Matches the variables of the shell that stand in an exchange for the token and for headers of the user. */
const placeholder = /\$CONFORMANCE_(?:TOKEN|OTHER_TOKEN|HEADER_[A-Z\d_]+)/;

/** Matches all but printable ASCII: characters that cannot be seen, act on a terminal, or look like others. */
const unseen = /[^\x20-\x7e]/;

/**
 * Returns the curl command that sends a request again, on one line of printable ASCII. A body that curl cannot be given
 * in this way is written by printf.
 *
 * @param origin - The part of the URL that stands before the path.
 */
export function curlCommand({ method, path, headers, body }: SentRequest, origin: string): string {
  const fields = Object.entries(headers)
    .filter(([name]) => name !== 'accept-encoding' && name !== 'accept')
    .map(([name, value]) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  // Without a Content-Type of the request curl would declare a form.
  if (body !== undefined && headers['content-type'] === undefined) fields.push("-H 'content-type:'");
  // To curl a leading @ means the name of a file.
  const isPiped = body !== undefined && (unseen.test(body) || body.startsWith('@'));
  const data = body === undefined ? [] : [`--data-binary ${isPiped ? '@-' : quote(body)}`];
  const chosen = method === 'GET' ? [] : [`-X ${method}`];
  const curl = ['curl -i --path-as-is', ...chosen, quote(`${origin}${path}`), ...fields, ...data].join(' ');
  return isPiped ? `printf ${quote(printfFormat(body))} | ${curl}` : curl;
}

/** Returns the format with which printf writes a text. All shells know octal escapes. */
function printfFormat(text: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll(/[^\x20-\x7e]+/g, (part) => [...new TextEncoder().encode(part)].map(octal).join(''));
}

/** Quotes a text as one word of a POSIX shell; placeholders of secrets stay open to expansion. */
export function quote(text: string): string {
  if (placeholder.test(text)) {
    const escaped = text.replaceAll(/["\\`$]/g, '\\$&');
    // Where a letter follows, the shell would read it as a part of the variable's name.
    const open = escaped.replaceAll(/\\\$(CONFORMANCE_TOKEN)(?=\w)/g, '${$1}');
    return `"${open.replaceAll(new RegExp(`\\\\(${placeholder.source})`, 'g'), '$1')}"`;
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Tells whether a request stands in the report as it was sent, so that it can be sent again. */
export function isComplete({ body = '' }: SentRequest): boolean {
  return !isCut(body);
}

/** Says how a failing value was generated, and how to generate it again; undefined where none was generated. */
export function describeFuzz({ id, fuzz }: CaseResult): string | undefined {
  if (fuzz === undefined) return undefined;
  const { seed, tried, steps } = fuzz;
  const last = id.split('-').at(-1) ?? '';
  const found = `in ${counted(tried, 'value')}, made smaller in ${counted(steps, 'step')}`;
  return `${found}; again with --fuzz ${last} --seed ${seed} --only '${id}'`;
}
