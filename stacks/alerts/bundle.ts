import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import type { NotifierSettings } from '../../notifier/settings';
import { notifierCode } from './notifierCode';
import type { NotifierUse } from './notifierSource';

/** Puts the notifier's code into a folder of its own (handler `index.handler`), with its settings beside it. */
export function bundleNotifier(settings: NotifierSettings, use: NotifierUse): string {
  const folder = mkdtempSync(join(FileSystem.tmpdir, 'garrison-notifier-'));
  for (const [name, text] of Object.entries(notifierCode(settings, use))) {
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}
