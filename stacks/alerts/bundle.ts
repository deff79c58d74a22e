import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { NotifierSettings } from '../../notifier/settings';
import { projectRoot } from '../projectRoot';

/**
 * Bundles the notifier into a folder of its own, with its settings beside it: `index.js` (handler `index.handler`)
 * and `settings.json`. The AWS SDK comes with the Lambda runtime.
 */
export function bundleNotifier(settings: NotifierSettings): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'garrison-notifier-'));
  buildSync({
    absWorkingDir: projectRoot(),
    entryPoints: ['notifier/handler.ts'],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*', './settings.json'],
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}
