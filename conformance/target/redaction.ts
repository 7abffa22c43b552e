import type { Exchange } from './exchange.ts';
import { hashPieces, pieceLength, PieceTable } from './piece-table.ts';

/** Stands for a token or a client's secret wherever an exchange is shown. */
export const tokenPlaceholder = '$CONFORMANCE_TOKEN';

/** Stands for the token of another User. */
export const otherTokenPlaceholder = '$CONFORMANCE_OTHER_TOKEN';

/** Stands for the first half of the token, which one case sends to see it refused. */
const halfPlaceholder = '$HALF_OF_CONFORMANCE_TOKEN';

/** The room for texts that are remembered with what they became, in characters. */
const roomForTexts = 400_000;

/** The shortest text that is a secret rather than a part of a word, in characters. */
export const shortestSecret = 4;

/** The most pieces of tokens that are kept, and of cookies, so that a server cannot fill the memory with them. */
const mostPieces = { lasting: 600_000, cookies: 80_000 };

/** The most pieces that one cookie has: a header is not read beyond its limit. */
const mostOfCookie = 350_000;

/**
 * The secrets of a run, and texts without them. Any eight characters in a row of a secret are concealed: plain, in other
 * letters, escaped, wrapped, with NUL between them; so are eight in a row of its hexadecimal digits and of its base64.
 * A secret that is shorter, or whose escapes mean fewer characters, is concealed whole. The time is linear in the text,
 * however many secrets there are.
 */
export class Redaction {
  readonly #most: typeof mostPieces;
  readonly #lasting: PieceTable;
  /** The oldest are forgotten where each answer sets another cookie. */
  #cookies: readonly [latest: PieceTable, former: PieceTable];
  #lastFields = '';
  /** Placeholders by whole secrets, since parts of one may be in another, and by the first halves of tokens. */
  readonly #whole = new Map<string, string>();
  /** Placeholders by secrets that are shorter than a piece, and the lengths of these. */
  readonly #short = new Map<string, string>();
  readonly #shortLengths = new Set<number>();
  /** Texts without secrets, kept since fields of headers come again and again. */
  readonly #hidden = new Map<string, string>();
  #remembered = 0;

  constructor(most = mostPieces) {
    this.#most = most;
    this.#lasting = new PieceTable(most.lasting);
    this.#cookies = [new PieceTable(most.cookies + mostOfCookie), new PieceTable(most.cookies + mostOfCookie)];
  }

  /** Conceals a token from now on, and its first half. */
  addToken(token: string): void {
    this.addSecret(token, tokenPlaceholder);
    if (token.length < pieceLength) return;
    this.addSecret(firstHalf(token), tokenPlaceholder);
    this.#whole.set(firstHalf(token), halfPlaceholder);
  }

  /** Conceals a secret from now on. A text of fewer than four characters is not one: it is in many words. */
  addSecret(secret: string, placeholder: string): void {
    if (secret.length < shortestSecret) return;
    this.#forgetTexts();
    this.#whole.set(secret, placeholder);
    for (const form of formsOf(secret)) this.#lasting.add(form, placeholder);
    for (const form of [secret, unescaped(secret).text]) {
      if (form.length < shortestSecret || form.length >= pieceLength) continue;
      this.#short.set(form, placeholder);
      this.#shortLengths.add(form.length);
    }
  }

  /** Conceals the values of the cookies that an answer sets from now on, those of eight characters or more. */
  addCookies({ response }: Exchange): void {
    const fields = response?.headers['set-cookie'] ?? '';
    if (fields === this.#lastFields) return;
    this.#lastFields = fields;
    for (const { value } of cookiesIn(fields)) {
      if (value.length < pieceLength) continue;
      const [latest, former] = this.#cookies;
      if (latest.size > this.#most.cookies) {
        former.clear();
        this.#cookies = [former, latest];
      }
      this.#forgetTexts();
      for (const form of formsOf(value)) this.#cookies[0].add(form, '…');
    }
  }

  #forgetTexts(): void {
    this.#hidden.clear();
    this.#remembered = 0;
  }

  /** Returns a text with placeholders for all secrets, or nothing of it where there are more than can be sought. */
  hide(text: string): string {
    if (this.#lasting.isFull) return '…';
    const [, scheme = '', token = ''] = /^(bearer )(.+)$/i.exec(text) ?? [];
    const whole = this.#whole.get(token);
    if (whole !== undefined) return `${scheme}${whole}`;
    const known = this.#hidden.get(text);
    if (known !== undefined) return known;
    const hidden = this.#search(text);
    if (this.#remembered + text.length > roomForTexts) this.#forgetTexts();
    this.#remembered += text.length;
    this.#hidden.set(text, hidden);
    return hidden;
  }

  #search(text: string): string {
    const marks: string[] = [];
    const plain = unescaped(text);
    for (const view of plain.text.length === text.length ? [plain] : [plain, { text }]) {
      for (const searched of new Set([folded(view.text), digitsOf64(view.text)])) {
        this.#markPieces(marks, { ...view, text: searched });
      }
      for (const length of this.#shortLengths) this.#markShort(marks, view, length);
    }
    return marks.length === 0 ? text : this.#replaced(text, marks);
  }

  /** Notes a placeholder at each place of a piece of a secret. */
  #markPieces(marks: string[], view: View): void {
    const [latest, former] = this.#cookies;
    hashPieces(view.text, (first, second, at) => {
      const placeholder = this.#lasting.get(first, second) ?? latest.get(first, second) ?? former.get(first, second);
      if (placeholder !== undefined) mark(marks, view, at, pieceLength, placeholder);
    });
  }

  #markShort(marks: string[], view: View, length: number): void {
    for (let at = 0; at + length <= view.text.length; at++) {
      const placeholder = this.#short.get(view.text.slice(at, at + length));
      if (placeholder !== undefined) mark(marks, view, at, length, placeholder);
    }
  }

  #replaced(text: string, marks: readonly string[]): string {
    const parts: string[] = [];
    for (let start = 0, end = 0; start < text.length; start = end) {
      const placeholder = marks[start];
      while (end < text.length && marks[end] === placeholder) end++;
      const part = text.slice(start, end);
      parts.push(placeholder === undefined ? part : (this.#whole.get(part) ?? placeholder));
    }
    return parts.join('');
  }
}

/** Notes a placeholder at the places of the original where some characters of a view are. */
function mark(marks: string[], { starts, ends }: View, at: number, length: number, placeholder: string): void {
  const end = ends?.[at + length - 1] ?? at + length;
  for (let place = starts?.[at] ?? at; place < end; place++) marks[place] = placeholder;
}

export function firstHalf(secret: string): string {
  return secret.slice(0, Math.ceil(secret.length / 2));
}

/** Returns the texts by whose pieces a secret is found; none for one that is shorter than a piece. */
function formsOf(secret: string): Set<string> {
  if (secret.length < pieceLength) return new Set();
  const bytes = Buffer.from(secret);
  const plain = [secret, bytes.toString('latin1')].flatMap((form) => [form, unescaped(form).text]);
  const base64 = [0, 1, 2].map((before) => inBase64(bytes, before));
  return new Set([...[...plain, bytes.toString('hex')].map(folded), ...base64]);
}

/** Returns the digits of base64 that depend on bytes alone, with so many others before them. */
function inBase64(bytes: Buffer, before: number): string {
  const digits = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  return digits.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1);
}

/** A text as it is searched, and where its characters begin and end in the original, if it differs. */
interface View {
  readonly text: string;
  readonly starts?: readonly number[];
  readonly ends?: readonly number[];
}

/** The characters of ASCII by the names that HTML has for them. */
const entities = new Map(
  `excl! quot" num# dollar$ percnt% amp& apos' lpar( rpar) ast* plus+ comma, hyphen- dash- minus- period. sol/ colon: semi;
   lt< equals= gt> quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] hat^ lowbar_ underbar_ grave\` lcub{ lbrace{ verbar| vert|
   rcub} rbrace} tilde~`
    .split(/\s+/)
    .map((entity) => [entity.slice(0, -1), entity.slice(-1)]),
);

/** An escape of JavaScript, JSON, a URL or HTML, escaped any number of times; what wraps a text; or anything else. */
const unit = new RegExp(
  [
    String.raw`\\+(?:u\{0*(?<code1>[\da-f]{1,6})\}|u(?<code2>[\da-f]{4})|x(?<code3>[\da-f]{2})|(?<octal>[0-3]?[0-7]{1,2})|[nrtbfv])?`,
    String.raw`%(?:25)*(?:u(?<code4>[\da-f]{4})|(?<code5>[\da-f]{2}))?`,
    String.raw`&(?:amp;)*(?:#x0*(?<code6>[\da-f]{1,6});?|#0*(?<decimal>\d{1,7});?|(?<name>${[...entities.keys()].join('|')});)?`,
    String.raw`=(?:\r?\n)?|[\s\0]+|(?<plain>[^\\%&=\s\0]+)`,
  ].join('|'),
  'gi',
);

/** Returns the characters that a text means, without what wraps it. A secret goes through the same before it is sought. */
function unescaped(text: string): View {
  if (!/[\\%&=\s\0]/.test(text)) return { text };
  const letters: string[] = [];
  const [starts, ends]: [number[], number[]] = [[], []];
  for (const { 0: whole, index, groups = {} } of text.matchAll(unit)) {
    const isPlain = groups.plain !== undefined;
    const meant = groups.plain ?? meaningOf(whole, groups);
    for (let at = 0; at < meant.length; at++) {
      letters.push(meant.charAt(at));
      starts.push(isPlain ? index + at : index);
      ends.push(isPlain ? index + at + 1 : index + whole.length);
    }
  }
  return { text: letters.join(''), starts, ends };
}

/** Returns the character that an escape means, or nothing for what wraps a text. */
function meaningOf(escape: string, groups: Record<string, string | undefined>): string {
  const { octal, decimal, name } = groups;
  // Node.js 22 refuses two groups of one name.
  const code = groups.code1 ?? groups.code2 ?? groups.code3 ?? groups.code4 ?? groups.code5 ?? groups.code6;
  const number = Number.parseInt(
    code ?? octal ?? decimal ?? '',
    code !== undefined ? 16 : octal !== undefined ? 8 : 10,
  );
  if (!Number.isNaN(number)) return String.fromCharCode(number).replace(/[\s\0]/, '');
  if (name !== undefined) return entities.get(name.toLowerCase()) ?? '';
  return /^[%&]|^=$/.test(escape) ? escape.charAt(0) : '';
}

/** Returns a text with one letter for those that are the same but for their case, and as `digitsOf64` returns it. */
function folded(text: string): string {
  return digitsOf64(text).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Returns a text with the digits of base64 for URLs replaced by those of base64. */
function digitsOf64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** A cookie as an answer sets it: its name with the equals sign, its value, and the rest of its field. */
interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly attributes: string;
}

/** Reads fields `Set-Cookie`, one a line. A value may have no name, and commas, semicolons and quotation marks in it. */
export function cookiesIn(fields: string): Cookie[] {
  return fields.split('\n').map((field) => {
    const parts = field.split(';');
    let count = parts.length;
    while (count > 1 && cookieAttribute.test(parts[count - 1] ?? '')) count--;
    const pair = parts.slice(0, count).join(';').trim();
    const name = pair.slice(0, pair.indexOf('=') + 1);
    const value = pair.slice(name.length).replace(/^"(.*)"$/, '$1');
    return {
      name,
      value,
      attributes: parts
        .slice(count)
        .map((part) => `;${part}`)
        .join(''),
    };
  });
}

const cookieAttribute = /^\s*(?:expires|max-age|domain|path|secure|httponly|samesite|partitioned|priority)\s*(?:=|$)/i;
