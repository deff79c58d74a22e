import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { RespondingSettings } from '../../responders/settings';
import { projectRoot } from '../projectRoot';

/**
 * Bundles the responders into a folder of its own, with their settings beside them: `index.js` (handler
 * `index.handler`) and `settings.json`. The AWS SDK comes with the Lambda runtime.
 */
export function bundleResponders(settings: RespondingSettings): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'garrison-responder-'));
  writeFileSync(join(folder, 'index.js'), code());
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

let built: Uint8Array | undefined;

/** Once in a process: only the settings differ from app to app. */
function code(): Uint8Array {
  built ??= buildSync({
    absWorkingDir: projectRoot(),
    entryPoints: { index: 'responders/handler.ts' },
    outdir: 'dist',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*', './settings.json'],
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  }).outputFiles[0]?.contents;
  return built as Uint8Array;
}
