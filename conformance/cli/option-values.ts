import { homedir } from 'node:os';
import { isPromise } from 'node:util/types';
import { z } from 'zod';
import { InputError } from '../contract/input-error.ts';
import { baseUrlOf } from '../target/address.ts';
import { parseHeader } from '../target/transport-settings.ts';

/** The notes on a value that its schema does not hold. */
interface ValueNotes {
  /** The end of a sentence that begins with "expected". */
  readonly expected: string;
  /** A path, which a configuration file gives relative to itself. */
  readonly isPath?: boolean;
  /** The words that are no paths where a path may stand. */
  readonly words?: readonly string[];
  /** The start of a message about a value that comes from no named place. The messages of its issues need none. */
  readonly subject?: string;
  /** True if texts of a list may hold blanks, so that a variable has one on each line. */
  readonly mayHaveBlanks?: boolean;
}

const notes = z.registry<ValueNotes>();

/** A value that is given or not, and takes no argument on the command line. */
export const flag = () => z.boolean().register(notes, { expected: 'true or false' });

export const text = () => z.string().min(1).register(notes, { expected: 'a text that is not empty' });

/** A path, or a word that stands for something else, `-` for standard input for example. No shell expands ~ everywhere. */
export const path = (...words: readonly string[]) =>
  z
    .string()
    .min(1)
    .overwrite((value) => value.replace(/^~(?=$|[\\/])/, homedir()))
    .register(notes, { expected: 'a path', isPath: true, words });

/** A part of all, from 0 to 1. */
export const share = () => z.number().min(0).max(1).register(notes, { expected: 'a number from 0 to 1' });

export function wholeNumber(least: number, most: number) {
  return z
    .int()
    .min(least)
    .max(most)
    .register(notes, { expected: `a whole number from ${least} to ${most}` });
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words).register(notes, { expected: words.join(' or ') });
}

/** The base URL of a server. Its issues are whole sentences. */
export const serverUrl = () =>
  explained(baseUrlOf).register(notes, {
    expected: 'a URL such as http://127.0.0.1:4010 or https://host/path',
    subject: 'The URL',
  });

/** A header that requests carry, before the variables in it are replaced. Its issues are whole sentences. */
export const headerField = () =>
  explained(parseHeader).register(notes, { expected: "'NAME: VALUE'", mayHaveBlanks: true });

/** A text that a function reads, or refuses with a sentence. */
function explained(read: (value: string) => unknown) {
  return z
    .string()
    .min(1)
    .superRefine((value, context) => {
      try {
        if (value !== '') read(value);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    });
}

const mostShards = 1000;

/** A part of the cases: INDEX/COUNT. */
export const shardPart = () =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/)
    .refine((value) => {
      const [index = 0, count = 0] = value.split('/').map(Number);
      return index <= count && count <= mostShards;
    })
    .register(notes, { expected: `INDEX/COUNT, such as 2/4, from 1/1 to ${mostShards}/${mostShards}` });

/**
 * Checks a value of an option.
 *
 * @param source - The flag, the variable or the place in a file that it comes from, for the message.
 * @throws InputError with one line.
 */
export function checkValue(schema: z.ZodType, value: unknown, source?: string): unknown {
  const { success, error, data } = schema.safeParse(value);
  if (success) return data;
  const [{ code, message, path: [index] = [] } = { code: 'custom', message: '' }] = error.issues;
  if (value !== '' && code === 'custom' && message.endsWith('.')) {
    throw new InputError(source === undefined ? message : `${source}: ${message}`);
  }
  const { expected, subject } = readNotes(schema);
  const place = source ?? subject;
  if (schema instanceof z.ZodArray && !Array.isArray(value)) {
    throw new InputError(`${place}: expected a list, each ${expected}, got ${describe(value)}.`);
  }
  const isItem = typeof index === 'number' && Array.isArray(value);
  const found: unknown = isItem ? value[index] : value;
  // YAML reads 0003 as 3.
  const remedy = typeof found === 'number' && itemOf(schema) instanceof z.ZodString ? ': put quotes around it' : '';
  throw new InputError(`${place}${isItem ? `[${index}]` : ''}: expected ${expected}, got ${describe(found)}${remedy}.`);
}

/** @throws InputError if more than one of some values is named, which are given by their flags. */
export function assertOneOf(values: Readonly<Record<string, unknown>>): void {
  const [flag, other] = Object.keys(values).filter((name) => values[name] !== undefined);
  if (other !== undefined) throw new InputError(`${flag} and ${other} exclude each other: name one of them.`);
}

/** Tells whether a value keeps what it holds in plain members, as a promise or a Map does not. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Describes a value for the end of a message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  if (isPromise(value)) return 'a promise';
  if (isPlainObject(value)) return 'an object';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return `an object ${kind === 'Object' ? 'with a prototype of its own' : `of class ${kind}`}`;
}

/** Returns what is noted of a value, or of each item of a list. */
export function readNotes(schema: z.ZodType): ValueNotes {
  return notes.get(itemOf(schema)) ?? { expected: 'another value' };
}

/**
 * Returns the value that a text on the command line or in a variable stands for; of a list, one item.
 *
 * @throws InputError with one line, if it is not valid.
 */
export function parseText(schema: z.ZodType, typed: string, place: string): unknown {
  const item = itemOf(schema);
  if (item instanceof z.ZodNumber && /^\d+(?:\.\d+)?$/.test(typed)) {
    if (item.safeParse(Number(typed)).success) return Number(typed);
  } else if (item instanceof z.ZodBoolean && /^(?:true|false)$/.test(typed)) {
    return typed === 'true';
  }
  return checkValue(item, typed, place);
}

function itemOf(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
}
