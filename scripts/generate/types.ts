import type { OpenAPI3 } from 'openapi-typescript';

/** Writes the contract's types as one TypeScript module and returns its source. */
export async function generateTypes(bundle: string): Promise<string> {
  const { astToString, COMMENT_HEADER, default: openapiTypescript } = await import('openapi-typescript');
  const nodes = await openapiTypescript(JSON.parse(bundle) as OpenAPI3, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
    silent: true,
  });
  return `${COMMENT_HEADER}${astToString(nodes)}`;
}
