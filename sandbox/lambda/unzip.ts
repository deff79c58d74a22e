import { inflateRawSync } from 'node:zlib';

/** One file of an archive. */
interface ZipEntry {
  readonly path: string;
  /** Unix permission bits; 0 when the archive was not made on Unix. */
  readonly mode: number;
  readonly data: Buffer;
}

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const unpackedLimit = 262_144_000;

function endOfDirectory(zip: Buffer): number {
  const lowest = Math.max(0, zip.length - 65_557);
  for (let offset = zip.length - 22; offset >= lowest; offset -= 1) {
    if (zip.readUInt32LE(offset) === endSignature) {
      return offset;
    }
  }
  throw new Error('The file is not a zip archive.');
}

/** Refuses paths that would leave the folder into which the archive goes. */
function safePath(path: string): string {
  if (path.startsWith('/') || path.includes('\\') || path.split('/').includes('..') || path.includes('\0')) {
    throw new Error(`The archive holds an unsafe path: ${path}`);
  }
  return path;
}

function content(zip: Buffer, header: number, method: number, sizes: { packed: number; plain: number }): Buffer {
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + sizes.packed);
  if (method === 0) {
    return packed;
  }
  if (method !== 8) {
    throw new Error(`The archive uses compression method ${method}, which is not supported.`);
  }
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, sizes.plain) });
}

/**
 * Reads a zip archive: its files in order, folders left out.
 *
 * @throws Error when it is none, holds unsafe paths, or unpacks to more than Lambda's 250 MiB
 */
export function unzip(zip: Buffer): ZipEntry[] {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  let offset = zip.readUInt32LE(end + 16);
  let total = 0;
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(offset) !== directorySignature) {
      throw new Error('The archive is damaged.');
    }
    const sizes = { packed: zip.readUInt32LE(offset + 20), plain: zip.readUInt32LE(offset + 24) };
    const nameLength = zip.readUInt16LE(offset + 28);
    const path = safePath(zip.toString('utf8', offset + 46, offset + 46 + nameLength));
    total += sizes.plain;
    if (total > unpackedLimit) {
      throw new Error(`Unzipped size must be smaller than ${unpackedLimit} bytes`);
    }
    if (!path.endsWith('/')) {
      const mode = (zip.readUInt32LE(offset + 38) >>> 16) & 0o777;
      const data = content(zip, zip.readUInt32LE(offset + 42), zip.readUInt16LE(offset + 10), sizes);
      entries.push({ path, mode, data });
    }
    offset += 46 + nameLength + zip.readUInt16LE(offset + 30) + zip.readUInt16LE(offset + 32);
  }
  return entries;
}
