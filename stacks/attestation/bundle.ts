import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { buildSync, type OutputFile } from 'esbuild';
import type { AttestationSettings } from '../../attestation/settings';
import { projectRoot } from '../projectRoot';

/**
 * Bundles a function of the attestation into a folder of its own, with its settings beside it: `index.js` (handler
 * `index.handler`) and `settings.json`. The AWS SDK comes with the Lambda runtime.
 *
 * @param entry such as `attestation/handler.ts`
 */
export function bundleAttestation(entry: string, settings: AttestationSettings): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'garrison-attestation-'));
  for (const { path, contents } of code(entry)) {
    writeFileSync(join(folder, basename(path)), contents);
  }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

const built = new Map<string, readonly OutputFile[]>();

/** Once in a process: only the settings differ from app to app. */
function code(entry: string): readonly OutputFile[] {
  const files =
    built.get(entry) ??
    buildSync({
      absWorkingDir: projectRoot(),
      entryPoints: { index: entry },
      outdir: 'dist',
      write: false,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      external: ['@aws-sdk/*'],
      minify: true,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'warning',
    }).outputFiles;
  built.set(entry, files);
  return files;
}
