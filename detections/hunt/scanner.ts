import type { AnchorKey, Anchors } from './anchors';

/** Gets each record that may be of interest: its JSON text, and the numbers of the watchers to ask. */
export type RecordSink = (text: string, watchers: ReadonlySet<number>) => void;

/** A file that is no JSON, or ends too early. */
class BrokenFileError extends Error {
  override readonly name = 'BrokenFileError';
  readonly code = 'hunt.file.broken';
}

/** Node.js has these beside `toString`, without its checks; they are called a few times for every record. */
interface Sliced extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;
const empty = Buffer.alloc(0);
const wrapper = /^\{\s*"Records"\s*:\s*\[/;
/** So long may blanks in front of the list of records be. */
const wrapperLength = 256;

/**
 * Cuts a stream of bytes into records without parsing them: `{"Records":[…]}`, a list, or objects one after another
 * (JSON lines, or a single record). Of each record it looks at the values of a few keys, and passes on only what these
 * make interesting. Holds no more than the record that is being read.
 */
export class RecordScanner {
  /** Records seen, interesting or not. */
  records = 0;
  private rest: Buffer = empty;
  private mode: 'start' | 'values' | 'list' | 'tail' = 'start';
  private readonly found = new Set<number>();

  constructor(
    private readonly anchors: Anchors,
    private readonly sink: RecordSink,
  ) {}

  /** Takes the next bytes. The buffer may be used again afterwards. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const consumed = this.consume(bytes, false);
    this.rest = consumed === bytes.length ? empty : Buffer.from(bytes.subarray(consumed));
  }

  /** Says that there are no more bytes. Throws `BrokenFileError` when something is missing. */
  end(): void {
    const consumed = this.consume(this.rest, true);
    if (consumed < this.rest.length) {
      throw new BrokenFileError(`ends within a record, after ${this.records} whole ones`);
    }
    if (this.mode === 'list' || this.mode === 'tail') {
      throw new BrokenFileError(`ends within the list of records, after ${this.records} of them`);
    }
  }

  private consume(bytes: Buffer, last: boolean): number {
    let position = 0;
    while (position < bytes.length) {
      const byte = bytes[position] as number;
      if (
        byte === 0x20 ||
        byte === 0x0a ||
        byte === 0x0d ||
        byte === 0x09 ||
        byte === comma ||
        (position < 3 && byte > 0xba)
      ) {
        position += 1;
      } else if (this.mode === 'start') {
        const next = this.open(bytes, position, last);
        if (next < 0) {
          return position;
        }
        position = next;
      } else if (this.mode === 'tail') {
        this.mode = byte === closeBrace ? 'start' : 'tail';
        position = byte === quote ? skipText(bytes, position + 1) : position + 1;
      } else if (byte === closeBracket && this.mode === 'list') {
        this.mode = this.wrapped ? 'tail' : 'start';
        position += 1;
      } else if (byte === openBrace) {
        const end = this.record(bytes, position);
        if (end < 0) {
          return position;
        }
        position = end;
        this.mode = this.mode === 'values' ? 'start' : this.mode;
      } else {
        throw new BrokenFileError(
          `is no list of records: ${JSON.stringify(String.fromCharCode(byte))} stands where a record should begin`,
        );
      }
    }
    return position;
  }

  private wrapped = false;

  /** Looks at what a file, or the next value in it, begins with. Negative when there are too few bytes to tell. */
  private open(bytes: Buffer, position: number, last: boolean): number {
    if (bytes[position] === openBracket) {
      this.mode = 'list';
      this.wrapped = false;
      return position + 1;
    }
    const head = (bytes as Sliced).latin1Slice(position, Math.min(bytes.length, position + wrapperLength));
    const found = wrapper.exec(head);
    if (found) {
      this.mode = 'list';
      this.wrapped = true;
      return position + found[0].length;
    }
    if (head.length < wrapperLength && !last && !head.includes('\n') && !head.includes(',')) {
      return -1;
    }
    this.mode = 'values';
    return position;
  }

  /** Reads over one record. The end, or negative when the bytes do not reach so far. */
  private record(bytes: Buffer, start: number): number {
    this.found.clear();
    const length = bytes.length;
    let depth = 0;
    let position = start;
    while (position < length) {
      const byte = bytes[position] as number;
      position += 1;
      if (byte === quote) {
        const begin = position;
        position = skipText(bytes, position);
        if (position > length) {
          return -1;
        }
        const size = position - begin - 1;
        if (size === 9 || size === 7 || size === 4) {
          const key = keyAt(bytes, begin, size);
          if (key !== undefined) {
            position = this.value(bytes, position, key);
          }
        }
      } else if (byte === openBrace) {
        depth += 1;
      } else if (byte === closeBrace) {
        depth -= 1;
        if (depth === 0) {
          this.pass(bytes, start, position);
          return position;
        }
      }
    }
    return -1;
  }

  private value(bytes: Buffer, position: number, key: AnchorKey): number {
    let begin = position;
    while (
      bytes[begin] === 0x20 ||
      bytes[begin] === colon ||
      bytes[begin] === 0x0a ||
      bytes[begin] === 0x0d ||
      bytes[begin] === 0x09
    ) {
      begin += 1;
    }
    if (begin === position || bytes[begin] !== quote) {
      return position;
    }
    const end = skipText(bytes, begin + 1);
    if (end <= bytes.length) {
      const text = (bytes as Sliced).latin1Slice(begin + 1, end - 1);
      if (text.includes('\\')) {
        this.anchors.collectAll(key, this.found);
      } else {
        this.anchors.collect(key, text, this.found);
      }
    }
    return end;
  }

  private pass(bytes: Buffer, start: number, end: number): void {
    this.records += 1;
    for (const watcher of this.anchors.always) {
      this.found.add(watcher);
    }
    if (this.found.size > 0) {
      this.sink((bytes as Sliced).utf8Slice(start, end), this.found);
    }
  }
}

/** The position after the closing quote; past the end when there is none. */
function skipText(bytes: Buffer, begin: number): number {
  const length = bytes.length;
  let position = begin;
  while (position < length) {
    const byte = bytes[position];
    if (byte === quote) {
      return position + 1;
    }
    position += byte === backslash ? 2 : 1;
  }
  return length + 1;
}

/** Which of the keys that matter stands here, told by its length and a letter or two before the rest is compared. */
function keyAt(bytes: Buffer, begin: number, size: number): AnchorKey | undefined {
  switch (size) {
    case 9:
      if (bytes[begin] === 0x65 && bytes[begin + 5] === 0x4e) {
        return (bytes as Sliced).latin1Slice(begin, begin + 9) === 'eventName' ? 'eventName' : undefined;
      }
      return bytes[begin + 5] === 0x43 && (bytes as Sliced).latin1Slice(begin, begin + 9) === 'errorCode'
        ? 'errorCode'
        : undefined;
    case 7:
      return bytes[begin + 4] === 0x41 && (bytes as Sliced).latin1Slice(begin, begin + 7) === 'roleArn'
        ? 'roleArn'
        : undefined;
    default:
      return bytes[begin] === 0x74 &&
        bytes[begin + 1] === 0x79 &&
        (bytes as Sliced).latin1Slice(begin, begin + 4) === 'type'
        ? 'type'
        : undefined;
  }
}
