import { build } from 'esbuild';

/** `lastchunk/client` as one file for browsers. What is left to be imported is no error here, so that it can be seen. */
export async function bundled(
  globalName?: string,
): Promise<{ readonly text: string; readonly imports: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [new URL('../../src/client/index.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    external: ['node:*'],
    ...(globalName === undefined ? { format: 'esm' } : { format: 'iife', globalName }),
  });
  return {
    text: outputFiles[0]?.text ?? '',
    imports: Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  };
}
