import { closeSync, openSync, readSync } from 'node:fs';
import { beginningOf, type Enclosure, endBefore } from './boundary';
import type { LogFile } from './files';

/** Some of a file's bytes, which begin with a record. */
export interface Range {
  readonly from: number;
  /** The byte after the last. */
  readonly to: number;
  /** In what it ends, and begins if it is not the first. */
  readonly within: Enclosure;
  readonly isLast: boolean;
}

/** A file, or a range of it. */
export interface FilePart {
  readonly path: string;
  readonly name?: string;
  /** As it lies there, packed or not. */
  readonly bytes: number;
  readonly range?: Range;
}

const bytesOfPart = 16 * 1024 * 1024;
const headBytes = 4096;
/** A record that is longer than this is not looked over. */
const searchBytes = 1024 * 1024;

/**
 * Cuts a large file where, by what its first record begins with, another record begins. That it does is only
 * sure once the part in front of it was read and ends between two records: else the file has to be read as one.
 */
export function partsOf(file: LogFile, partBytes = bytesOfPart): FilePart[] {
  const { path, bytes } = file;
  if (bytes < 2 * partBytes) {
    return [file];
  }
  const descriptor = openSync(path, 'r');
  try {
    return cut(file, partBytes, (length, position) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position));
    });
  } finally {
    closeSync(descriptor);
  }
}

function cut(file: LogFile, partBytes: number, read: (length: number, position: number) => Buffer): FilePart[] {
  const { bytes } = file;
  const beginning = beginningOf(read(headBytes, 0));
  if (beginning === undefined) {
    return [file];
  }
  const { within, marker } = beginning;
  const begins = [0];
  for (let target = partBytes; target < bytes - partBytes / 2; target += partBytes) {
    const begin = recordIn(read(searchBytes, target), marker);
    if (begin !== undefined) {
      begins.push(target + begin);
    }
  }
  return begins.map((from, index) => {
    const to = begins[index + 1] ?? bytes;
    return { ...file, bytes: to - from, range: { from, to, within, isLast: index === begins.length - 1 } };
  });
}

/** Where a record begins behind the end of another. */
function recordIn(piece: Buffer, marker: string): number | undefined {
  let position = piece.indexOf(marker, 1);
  while (position > 0 && endBefore(piece, position) < 0) {
    position = piece.indexOf(marker, position + 1);
  }
  return position > 0 ? position : undefined;
}
