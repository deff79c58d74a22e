import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { english } from '../../notifier/message/english';
import { japanese } from '../../notifier/message/japanese';
import type { NotifierSettings } from '../../notifier/settings';
import { bundling } from '../functions/bundle';
import { projectRoot } from '../projectRoot';
import { commonJs, requireName } from './commonJs';
import { type NotifierUse, notifierSource } from './notifierSource';

/**
 * Files of the function's code, by name: `index.js`, `more.js` which it loads when it needs it, and the words of its
 * messages in `catalog.json`.
 */
export type NotifierCode = Readonly<Record<string, string>>;

const built = new Map<string, NotifierCode>();

/**
 * Bundles the notifier for its settings: with the destinations, the language and the features that they ask for. The
 * AWS SDK comes with the Lambda runtime.
 */
export function notifierCode(settings: NotifierSettings, use: NotifierUse): NotifierCode {
  const source = notifierSource(settings, use, join(projectRoot(), 'notifier'));
  const key = JSON.stringify(source);
  const code = built.get(key) ?? bundled(source);
  built.set(key, code);
  return { ...code, 'catalog.json': JSON.stringify(settings.language === 'ja' ? japanese : english) };
}

/** The bundler shares code between entries in modules only, so that the format of Lambda's `require` comes last. */
function bundled(source: Readonly<Record<'index' | 'more', string>>): NotifierCode {
  const folder = mkdtempSync(join(tmpdir(), 'garrison-notifier-source-'));
  try {
    for (const [name, text] of Object.entries(source)) {
      writeFileSync(join(folder, `${name}.ts`), text);
    }
    const { outputFiles } = buildSync({
      ...bundling,
      absWorkingDir: projectRoot(),
      entryPoints: { index: join(folder, 'index.ts'), more: join(folder, 'more.ts') },
      outdir: folder,
      splitting: true,
      chunkNames: 'shared',
      format: 'esm',
      define: { require: requireName },
    });
    const text = (name: string) => outputFiles.find(({ path }) => basename(path) === `${name}.js`)?.text ?? '';
    const { index, more } = commonJs({ index: text('index'), more: text('more'), shared: text('shared') });
    return { 'index.js': index, 'more.js': more };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
