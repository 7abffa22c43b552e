import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** What a consumer's bundle for browsers weighs, in bytes. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/** Bundles a file of a project with what the project has installed, and weighs the bundle. */
export async function consumerSize(folder: string, file: string): Promise<Size> {
  const code = await bundleConsumer(folder, file);
  return { minified: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length };
}

/** Bundles a file of a project for browsers, minified. */
export async function bundleConsumer(folder: string, file: string): Promise<string> {
  const build = await rolldown({ input: join(folder, file), cwd: folder, platform: 'browser' });
  try {
    const { output } = await build.generate({ format: 'es', minify: true });
    return output[0].code;
  } finally {
    await build.close();
  }
}
