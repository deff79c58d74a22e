import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { GarrisonError } from '../../organization/errors';
import { readTextFile } from '../../organization/files';

/** A first `accounts.csv`, for a clone that has none yet. */
const emptyFile = 'accountId,email,name,ou\n';

/**
 * The text of `accounts.csv` to the byte, its byte order mark included; a header alone when there is no such file.
 *
 * @throws GarrisonError when it cannot be read, or is not UTF-8
 */
export function readAccountsText(file: string): string {
  if (!existsSync(file)) {
    return emptyFile;
  }
  readTextFile(file, 'the list of accounts (--accounts)');
  return readFileSync(file, 'utf8');
}

/**
 * Replaces the file in one step: whoever reads it sees the old text or the new one, whatever happens meanwhile.
 *
 * @throws GarrisonError `file.unwritable`
 */
export function replaceFile(file: string, text: string): void {
  const target = existsSync(file) ? realpathSync(file) : file;
  const temporary = `${target}.${process.pid}.new`;
  try {
    const mode = existsSync(target) ? statSync(target).mode : 0o644;
    writeFileSync(temporary, text, { mode, flush: true });
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new GarrisonError(
      'file.unwritable',
      `${file}: cannot be written (${(cause as NodeJS.ErrnoException).code})`,
      'Make the file and its folder writable; nothing was changed.',
      { file },
      { cause },
    );
  }
}
