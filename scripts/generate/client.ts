/**
 * Writes the generated client into a folder, whose former content is removed.
 * The client has no base URL of its own: each installation has its host, and a default would ring telephones there.
 */
export async function generateClient(bundle: string, folder: string): Promise<void> {
  const { createClient } = await import('@hey-api/openapi-ts');
  await createClient({
    input: JSON.parse(bundle) as Record<string, unknown>,
    output: { path: folder, clean: true, module: { extension: '.ts' }, tsConfigPath: null },
    plugins: [{ name: '@hey-api/client-fetch', baseUrl: false }, '@hey-api/typescript', '@hey-api/sdk'],
    interactive: false,
    logs: { level: 'silent', file: false },
  });
}
