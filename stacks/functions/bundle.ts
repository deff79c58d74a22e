import { basename } from 'node:path';
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

/** Files of a function's code, by name. */
export type FunctionFiles = Readonly<Record<string, string | Uint8Array>>;

/** Bundles a function's code. Its settings lie beside it. */
export function bundleFunction({ entryPoints, settings, alias }: Bundle): FunctionFiles {
  const files = code(entryPoints, alias).map(({ path, contents }) => [basename(path), contents] as const);
  return { ...Object.fromEntries(files), ...settingsFile(settings) };
}

/** The file from which a function's code reads its settings. */
export function settingsFile(settings: object): FunctionFiles {
  return { 'settings.json': JSON.stringify(settings, null, 2) };
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
