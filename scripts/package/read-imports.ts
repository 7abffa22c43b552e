import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** One import or re-export of a module, as it is written. */
export interface ImportStatement {
  readonly specifier: string;
  /** Whether nothing of it is left when the program runs. */
  readonly typesOnly: boolean;
}

/** Reads the imports of a TypeScript file: declarations, re-exports, calls of import() and types written as import(). */
export function readImports(file: string): readonly ImportStatement[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const statements: ImportStatement[] = [];
  const visit = (node: ts.Node): void => {
    const statement = importStatement(node);
    if (statement !== undefined) statements.push(statement);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return statements;
}

function importStatement(node: ts.Node): ImportStatement | undefined {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal, true);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return named(node.arguments[0], false);
  }
  return undefined;
}

function named(specifier: ts.Node | undefined, typesOnly: boolean): ImportStatement | undefined {
  return specifier !== undefined && ts.isStringLiteralLike(specifier)
    ? { specifier: specifier.text, typesOnly }
    : undefined;
}
