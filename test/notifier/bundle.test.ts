import { join } from 'node:path';
import { buildSync } from 'esbuild';

function bundle(entry: string) {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(__dirname, '../../notifier', entry)],
    bundle: true,
    minify: true,
    charset: 'utf8',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*'],
    metafile: true,
    write: false,
  });
  return { bytes: outputFiles[0]?.contents.length ?? 0, inputs: Object.keys(metafile?.inputs ?? {}) };
}

test('the function that starts cold is smaller than 40 kB and carries no package', () => {
  const { bytes, inputs } = bundle('handler.ts');
  expect(bytes).toBeLessThan(42_000);
  expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
});

test('what it loads later carries no package either', () => {
  const { bytes, inputs } = bundle('more.ts');
  expect(bytes).toBeLessThan(60_000);
  expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
});
