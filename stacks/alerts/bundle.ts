import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { buildSync, type OutputFile } from 'esbuild';
import type { NotifierSettings } from '../../notifier/settings';
import { projectRoot } from '../projectRoot';

/**
 * Bundles the notifier into a folder of its own, with its settings beside it: `index.js` (handler `index.handler`),
 * `more.js` (what it loads only when it needs it) and `settings.json`. The AWS SDK comes with the Lambda runtime.
 */
export function bundleNotifier(settings: NotifierSettings): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'garrison-notifier-'));
  for (const { path, contents } of code()) {
    writeFileSync(join(folder, basename(path)), contents);
  }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

let built: readonly OutputFile[] | undefined;

/** Once in a process: only the settings differ from app to app. */
function code(): readonly OutputFile[] {
  built ??= buildSync({
    absWorkingDir: projectRoot(),
    entryPoints: { index: 'notifier/handler.ts', more: 'notifier/more.ts' },
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
  }).outputFiles;
  return built;
}
