import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The parts of a JSON Schema that say which members and words there are. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema | true>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** A type that a TypeScript file exports, and the program that knows it. */
export interface ExportedType {
  readonly name: string;
  readonly type: ts.Type;
  readonly checker: ts.TypeChecker;
}

/**
 * Reads a type that a TypeScript file exports.
 *
 * @throws Error if the file exports none of this name.
 */
export function exportedType(file: URL, name: string): ExportedType {
  const path = fileURLToPath(file);
  const program = ts.createProgram([path], {
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const symbol = source && checker.getSymbolAtLocation(source);
  const declared = symbol && checker.getExportsOfModule(symbol).find((one) => one.name === name);
  if (declared === undefined) throw new Error(`${path} exports no type ${name}.`);
  return { name, type: checker.getDeclaredTypeOfSymbol(declared), checker };
}

/** Where a schema and a TypeScript type differ, a line each: members, words, and what may be left out. */
export function differencesOfTypes(schema: Schema, { name, type, checker }: ExportedType): string[] {
  return differences({ checker, schema }, schema, type, name);
}

interface Comparison {
  readonly checker: ts.TypeChecker;
  /** The whole document, which references are looked up in. */
  readonly schema: Schema;
}

function differences(comparison: Comparison, unresolved: Schema | true, type: ts.Type, at: string): string[] {
  const { checker } = comparison;
  // What may be anything, may be anything.
  if (unresolved === true) return [];
  const schema = resolved(comparison, unresolved);
  const members = type.isUnion() ? type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined)) : [type];
  const [only, ...others] = members;
  if (members.every(isWord)) return differencesOfWords(comparison, schema, members, at);
  if (only === undefined || others.length > 0) return [`${at}: is a union, which this comparison does not know`];
  if (only.flags & (ts.TypeFlags.String | ts.TypeFlags.Number)) return differencesOfKind(comparison, schema, only, at);
  const item = checker.isArrayType(only) ? checker.getTypeArguments(only as ts.TypeReference)[0] : undefined;
  if (item !== undefined) return differences(comparison, schema.items ?? {}, item, `${at}[]`);
  const value = checker.getIndexTypeOfType(only, ts.IndexKind.String);
  if (value !== undefined) {
    const values = schema.additionalProperties;
    return typeof values === 'object' ? differences(comparison, values, value, `${at}.*`) : [`${at}: has any members`];
  }
  return differencesOfMembers(comparison, schema, only, at);
}

function resolved({ schema: document }: Comparison, schema: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : (document.$defs?.[name] ?? {});
}

function isWord(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Literal | ts.TypeFlags.BooleanLiteral)) !== 0;
}

function differencesOfWords({ checker }: Comparison, schema: Schema, types: readonly ts.Type[], at: string): string[] {
  const words = types.map((type) => checker.typeToString(type).replaceAll('"', '')).toSorted();
  const { const: word } = schema;
  const admitted = schema.type === 'boolean' ? ['false', 'true'] : (schema.enum ?? [word]).map(String).toSorted();
  const same = words.join() === admitted.join();
  return same ? [] : [`${at}: is ${words.join(', ')}, and in the schema ${admitted.join(', ')}`];
}

function differencesOfKind({ checker }: Comparison, schema: Schema, type: ts.Type, at: string): string[] {
  const kind = checker.typeToString(type);
  const ofWords = (schema.enum ?? []).every((word) => typeof word === kind) && schema.enum !== undefined;
  const same = ofWords || (schema.type === 'integer' ? 'number' : schema.type) === kind;
  return same ? [] : [`${at}: is a ${kind}, and in the schema ${schema.type}`];
}

function differencesOfMembers(comparison: Comparison, schema: Schema, type: ts.Type, at: string): string[] {
  const { checker } = comparison;
  const properties = schema.properties ?? {};
  const required = schema.required ?? [];
  const members = new Map(checker.getPropertiesOfType(type).map((symbol) => [symbol.name, symbol]));
  return [
    ...Object.keys(properties)
      .filter((name) => !members.has(name))
      .map((name) => `${at}.${name}: is in the schema only`),
    ...[...members].flatMap(([name, symbol]) => {
      const property = properties[name];
      if (property === undefined) return [`${at}.${name}: is not in the schema`];
      const memberType = checker.getTypeOfSymbol(symbol);
      const mayLack = isOptional(symbol, memberType);
      const wrong =
        mayLack === required.includes(name) ? [`${at}.${name}: ${mayLack ? 'may' : 'must not'} be left out`] : [];
      return [...wrong, ...differences(comparison, property, memberType, `${at}.${name}`)];
    }),
  ];
}

/** What is undefined is left out of JSON. */
function isOptional(symbol: ts.Symbol, type: ts.Type): boolean {
  const admitsUndefined = type.isUnion() && type.types.some((one) => one.flags & ts.TypeFlags.Undefined);
  return admitsUndefined || (symbol.flags & ts.SymbolFlags.Optional) !== 0;
}
