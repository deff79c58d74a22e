import { readFileSync } from 'node:fs';
import { GarrisonError } from './errors';

const mostBytes = 5_000_000;

/**
 * Reads a text file whole, without its byte order mark.
 *
 * @throws GarrisonError `file.missing`, `file.unreadable`, `file.large` or `file.encoding`
 */
export function readTextFile(file: string, purpose: string): string {
  const bytes = readBytes(file, purpose);
  if (bytes.length > mostBytes) {
    throw new GarrisonError(
      'file.large',
      `${file}: is larger than ${mostBytes / 1e6} MB`,
      `Is this really ${purpose}?`,
      { file },
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = lineOfBadByte(bytes);
    throw new GarrisonError(
      'file.encoding',
      `${file}:${line}: is not UTF-8`,
      'Save the file as UTF-8 (in a spreadsheet: "CSV UTF-8").',
      { file, line },
      { cause },
    );
  }
}

function readBytes(file: string, purpose: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new GarrisonError(
      missing ? 'file.missing' : 'file.unreadable',
      missing ? `${file}: there is no such file` : `${file}: cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      `Give the path of ${purpose}.`,
      { file },
      { cause },
    );
  }
}

/** Line, from 1, of the first byte that is not UTF-8. */
function lineOfBadByte(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const slice = bytes.subarray(start, end === -1 ? undefined : end);
    if (slice.toString('utf8').includes('\uFFFD') || end === -1) {
      return line;
    }
    line += 1;
    start = end + 1;
  }
}
