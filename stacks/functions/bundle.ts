import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import { projectRoot } from '../projectRoot';

/** How code for Lambda is bundled. The AWS SDK comes with the Lambda runtime. */
export const bundling = {
  outdir: 'dist',
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node22',
  external: ['@aws-sdk/*'],
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** What a function's code is made of. */
export interface Bundle {
  /** Source files by the names that they get, without `.js`; `index` is the handler's unless said otherwise. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Plain data that the code reads from `settings.json` beside it. Holds no secrets. */
  readonly settings: object;
  /** Modules that are put in place of others. */
  readonly alias?: Readonly<Record<string, string>>;
}

/** Bundles a function's code into a folder of its own, with its settings beside it, and answers the folder. */
export function bundleFunction({ entryPoints, settings, alias }: Bundle): string {
  return withSettings(
    code(entryPoints, alias).map(({ path, contents }) => [basename(path), contents] as const),
    settings,
  );
}

/** Puts files and `settings.json` into a folder of their own. */
export function withSettings(files: Iterable<readonly [string, string | Uint8Array]>, settings: object): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'garrison-function-'));
  for (const [name, contents] of files) {
    writeFileSync(join(folder, name), contents);
  }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

const built = new Map<string, readonly OutputFile[]>();

/** Once in a process: only the settings differ from app to app. */
function code(entryPoints: Bundle['entryPoints'], alias: Bundle['alias']): readonly OutputFile[] {
  const key = JSON.stringify(entryPoints);
  const files =
    built.get(key) ??
    buildSync({ ...bundling, format: 'cjs', absWorkingDir: projectRoot(), entryPoints, alias: { ...alias } })
      .outputFiles;
  built.set(key, files);
  return files;
}
