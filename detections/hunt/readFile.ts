import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';

const chunkBytes = 1024 * 1024;
/** Up to here a file is read in one go: no record is cut in two. */
const wholeBytes = 4 * chunkBytes;
const smallCompressedBytes = 4 * 1024 * 1024;
const smallPlainBytes = 32 * 1024 * 1024;

/** Reads a file, unpacked if it is gzip, or a range of it, in pieces. A piece is only valid until the next one. */
export async function readPieces(
  file: string,
  range: { readonly from: number; readonly to: number } | undefined,
  take: (piece: Buffer) => void,
): Promise<void> {
  if (range !== undefined || !isGzip(file)) {
    readPlain(file, range?.from ?? 0, range?.to, take);
  } else if (!unpackedAtOnce(file, take)) {
    await unpack(file, take);
  }
}

function isGzip(file: string): boolean {
  const head = Buffer.alloc(2);
  const descriptor = openSync(file, 'r');
  try {
    return readSync(descriptor, head, 0, 2, 0) === 2 && head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    closeSync(descriptor);
  }
}

let shared: Buffer = Buffer.alloc(0);

function readPlain(file: string, from: number, to: number | undefined, take: (piece: Buffer) => void): void {
  const descriptor = openSync(file, 'r');
  try {
    const left = (to ?? fstatSync(descriptor).size) - from;
    const length = left <= wholeBytes ? Math.max(left, chunkBytes) : chunkBytes;
    shared = shared.length >= length ? shared : Buffer.allocUnsafeSlow(length);
    for (let position = from; to === undefined || position < to; ) {
      const read = readSync(descriptor, shared, 0, Math.min(shared.length, (to ?? Infinity) - position), position);
      if (read === 0) {
        break;
      }
      take(shared.subarray(0, read));
      position += read;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Most of CloudTrail's files are small: unpacking them in one go is several times faster than as a stream. */
function unpackedAtOnce(file: string, take: (piece: Buffer) => void): boolean {
  if (statSync(file).size > smallCompressedBytes) {
    return false;
  }
  let plain: Buffer;
  try {
    plain = gunzipSync(readFileSync(file), { maxOutputLength: smallPlainBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return false;
    }
    throw error;
  }
  take(plain);
  return true;
}

async function unpack(file: string, take: (piece: Buffer) => void): Promise<void> {
  await pipeline(
    createReadStream(file),
    createGunzip({ chunkSize: chunkBytes }),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        take(piece);
      }
    },
  );
}
