import { createReadStream, statSync } from 'node:fs';
import process from 'node:process';
import { InputError } from '../contract/input-error.ts';

/** The parts of the command line that name a token. */
export interface TokenOptions {
  readonly token?: string;
  /** The path of a file with the token in its first line, or - for standard input. */
  readonly tokenFile?: string;
}

/** More than any token has, in bytes. */
const longestLine = 64 * 1024;

/**
 * The token that the command line or the environment names, if one does.
 *
 * @throws InputError with one line that does not show it, if it is no token, or named twice, or cannot be read.
 */
export async function namedToken({ token, tokenFile }: TokenOptions): Promise<string | undefined> {
  if (token !== undefined && tokenFile !== undefined) {
    throw new InputError('--token and --token-file exclude each other: name one of them.');
  }
  if (tokenFile !== undefined) return sound(await firstLine(tokenFile), `--token-file ${tokenFile}`);
  if (token !== undefined) return sound(token, '--token');
  const fromEnvironment = process.env.CONFORMANCE_TOKEN;
  return fromEnvironment === undefined ? undefined : sound(fromEnvironment, 'CONFORMANCE_TOKEN');
}

/** Who else can see the token that the command line names. */
export function tokenRemarks({ token, tokenFile }: TokenOptions, loopback: boolean): string[] {
  if (token !== undefined && !loopback) {
    return ['--token: other users of this machine see it among its processes, use CONFORMANCE_TOKEN or --token-file'];
  }
  if (tokenFile === undefined || tokenFile === '-' || process.platform === 'win32') return [];
  const stat = statSync(tokenFile);
  const isOpen = stat.isFile() && (stat.mode & 0o044) !== 0;
  return isOpen ? [`--token-file: other users of this machine can read ${tokenFile}, use chmod 600`] : [];
}

/** A token as RFC 6750 section 2.1 has it, and a little more; a header field could not carry anything else. */
function sound(token: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const problem =
    token === ''
      ? 'is empty'
      : token.includes(' ')
        ? 'has a space'
        : /\p{Cc}/u.test(token)
          ? 'has a control character'
          : 'has a character beyond ASCII';
  throw new InputError(`${source}: the token ${problem}, expected what stands behind "Bearer " alone.`);
}

async function firstLine(path: string): Promise<string> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { end: longestLine });
  let text = '';
  try {
    for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.includes('\n') || text.length > longestLine) break;
    }
  } catch (error) {
    throw new InputError(`--token-file ${path} cannot be read: ${(error as Error).message}`);
  }
  if (text.length > longestLine) throw new InputError(`--token-file ${path} has a first line too long for a token.`);
  return text.replace(/^\ufeff/, '').replace(/\r?\n[^]*$/, '');
}
