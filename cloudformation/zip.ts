import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

const signatures = { localFile: 0x04034b50, centralFile: 0x02014b50, end: 0x06054b50 } as const;
const version = 20;
const deflated = 8;
const utf8Names = 0x0800;
/** 1 January 1980, the format's first day: equal contents give equal bytes. */
const date = 0x0021;
const regularFile = 0o100644 << 16;
const madeOnUnix = 3 << 8;

interface Entry {
  readonly name: Buffer;
  readonly checksum: number;
  readonly size: number;
  readonly data: Buffer;
}

/** Zips the files below a folder, in the order of their names. Made for Lambda code: no links, no empty folders. */
export function zipFolder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return zipFiles(
    files.map((file) => {
      const name = file.slice(folder.length + 1);
      return [name.split(sep).join('/'), readFileSync(file)] as const;
    }),
  );
}

/** Zips files by name, in their order. */
export function zipFiles(files: Iterable<readonly [string, Buffer]>): Buffer {
  const entries = [...files].map(([name, content]) => toEntry(name, content));
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const local = Buffer.concat([localHeader(entry), entry.name, entry.data]);
    centrals.push(Buffer.concat([centralHeader(entry, offset), entry.name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  return Buffer.concat([...locals, directory, endRecord(entries.length, directory.length, offset)]);
}

function toEntry(name: string, content: Buffer): Entry {
  return {
    name: Buffer.from(name, 'utf8'),
    checksum: crc32(content),
    size: content.length,
    data: deflateRawSync(content, { level: 9 }),
  };
}

/** The part that the local and the central header share. */
function commonHeader({ checksum, data, size, name }: Entry): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(version, 0);
  header.writeUInt16LE(utf8Names, 2);
  header.writeUInt16LE(deflated, 4);
  header.writeUInt16LE(0, 6);
  header.writeUInt16LE(date, 8);
  header.writeUInt32LE(checksum, 10);
  header.writeUInt32LE(data.length, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function localHeader(entry: Entry): Buffer {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(signatures.localFile);
  return Buffer.concat([signature, commonHeader(entry)]);
}

function centralHeader(entry: Entry, offset: number): Buffer {
  const start = Buffer.alloc(6);
  start.writeUInt32LE(signatures.centralFile);
  start.writeUInt16LE(madeOnUnix | version, 4);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(regularFile >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([start, commonHeader(entry), rest]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(signatures.end);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
