import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';

const chunkBytes = 1024 * 1024;
const smallCompressedBytes = 4 * 1024 * 1024;
const smallPlainBytes = 32 * 1024 * 1024;

/** Reads a file, unpacked if it is gzip, in pieces. A piece is only valid until the next one. */
export async function readPieces(file: string, take: (piece: Buffer) => void): Promise<void> {
  if (!isGzip(file)) {
    readPlain(file, take);
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

let shared: Buffer | undefined;

function readPlain(file: string, take: (piece: Buffer) => void): void {
  shared ??= Buffer.allocUnsafeSlow(chunkBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = readSync(descriptor, shared); read > 0; read = readSync(descriptor, shared)) {
      take(shared.subarray(0, read));
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
