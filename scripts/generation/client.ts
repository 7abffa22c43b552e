/**
 * Writes the generated client into a folder, whose former content is removed.
 * A client has no base URL of its own, and reads every answer as JSON: without that, an answer that
 * does not declare its media type would arrive as a stream although it is typed as a PhoneCall.
 */
export async function generateClient(bundle: string, folder: string): Promise<void> {
  const { createClient } = await import('@hey-api/openapi-ts');
  await createClient({
    input: JSON.parse(bundle) as Record<string, unknown>,
    output: { path: folder, clean: true, module: { extension: '.ts' }, tsConfigPath: null },
    plugins: [
      { name: '@hey-api/client-fetch', baseUrl: false, parseAs: 'json' },
      '@hey-api/typescript',
      '@hey-api/sdk',
    ],
    interactive: false,
    logs: { level: 'silent', file: false },
  });
}
