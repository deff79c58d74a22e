import type { AnchorKey, Anchors } from './anchors';
import { type Enclosure, isBlank } from './boundary';
import { closeBrace, closeBracket, colon, comma, openBrace, openBracket, quote, type Sliced, skipText } from './bytes';
import { Neighbours } from './neighbours';

/** Gets each value that may be of interest: a record, or what holds records. Answers true if it was. */
export type RecordSink = (value: unknown) => unknown;

/** A file that is no JSON, or ends too early. */
class BrokenFileError extends Error {
  override readonly name = 'BrokenFileError';
  readonly code = 'hunt.file.broken';
}

const empty = Buffer.alloc(0);
/** As CloudTrail delivers records, and as LookupEvents answers. */
const wrapper = /^\{\s*"(?:Records|Events)"\s*:\s*\[/;
/** LookupEvents tells records as text under this key. */
const textKey = 'CloudTrailEvent';
/** After so many records of interest in a row, the next ones are parsed without a look at their keys before. */
const eagerAfter = 4;
/** So long may blanks in front of the list of records be. */
const wrapperLength = 256;

/**
 * Cuts a stream of bytes into records without parsing them: `{"Records":[…]}`, a list, or objects one after another
 * (JSON lines, or a single record). Of each record it looks at the values of a few keys, and parses and passes on only
 * what these make interesting. Holds no more than the record that is being read.
 */
export class RecordScanner {
  /** Records seen, interesting or not. */
  records = 0;
  private rest: Buffer = empty;
  private isInteresting = false;
  private mode: 'start' | 'values' | 'list' | 'tail' = 'start';
  private wrapped = false;
  private readonly neighbours = new Neighbours();
  /** Records in a row that were of interest. */
  private streak = 0;

  constructor(
    private readonly anchors: Anchors,
    private readonly sink: RecordSink,
  ) {}

  /** Says in what the bytes begin, where they are not a file's first. */
  begin(within: Enclosure): void {
    this.mode = modeWithin(within);
    this.wrapped = within === 'wrapped list';
  }

  /** Whether whole records were taken, and others may follow. */
  isBetweenRecords(within: Enclosure): boolean {
    return this.rest.length === 0 && this.mode === modeWithin(within);
  }

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
      if (isBlank(byte) || byte === comma || (position < 3 && byte > 0xba)) {
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
    const end = this.streak >= eagerAfter ? this.leap(bytes, start, start) : -1;
    return end > 0 ? end : this.walk(bytes, start);
  }

  private walk(bytes: Buffer, start: number): number {
    this.isInteresting = this.anchors.takeAll;
    let isInteresting = this.isInteresting;
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
        const key = isInteresting ? undefined : keyAt(bytes, begin, size);
        if (key !== undefined) {
          position = this.value(bytes, position, key);
          isInteresting = this.isInteresting;
          const end = isInteresting ? this.leap(bytes, start, position) : -1;
          if (end > 0) {
            return end;
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

  /** Looks at the value of a key that matters. The position behind what was read. */
  private value(bytes: Buffer, position: number, key: AnchorKey | typeof textKey): number {
    if (key === textKey) {
      this.isInteresting = true;
      return position;
    }
    let begin = position;
    while (bytes[begin] === colon || isBlank(bytes[begin])) {
      begin += 1;
    }
    if (begin === position || bytes[begin] !== quote) {
      return position;
    }
    const end = skipText(bytes, begin + 1);
    if (end <= bytes.length) {
      const text = (bytes as Sliced).latin1Slice(begin + 1, end - 1);
      // A text with an escaped character cannot be told without parsing.
      this.isInteresting = text.includes('\\') || this.anchors.isOfInterest(key, text);
    }
    return end;
  }

  /**
   * The end of a record, without a look at the bytes of it from a position on: where the next one seems to begin. If
   * what lies between parses, it is the record; an object that is cut through does not parse. Negative if it cannot
   * be had so.
   */
  private leap(bytes: Buffer, start: number, position: number): number {
    const end = this.neighbours.endFrom(bytes, position);
    if (end < 0) {
      return -1;
    }
    const value = parsed((bytes as Sliced).utf8Slice(start, end));
    if (value === undefined) {
      this.neighbours.missed();
      return -1;
    }
    this.take(value);
    return end;
  }

  private pass(bytes: Buffer, start: number, end: number): void {
    if (this.isInteresting) {
      this.neighbours.learn(bytes, start);
      this.take(JSON.parse((bytes as Sliced).utf8Slice(start, end)));
    } else {
      this.records += 1;
      this.streak = 0;
    }
  }

  private take(value: unknown): void {
    this.records += 1;
    this.streak = this.sink(value) === true ? this.streak + 1 : 0;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function modeWithin(within: Enclosure): 'start' | 'list' {
  return within === 'values' ? 'start' : 'list';
}

/** Which of the keys that matter stands here, told by its length and a letter or two before the rest is compared. */
function keyAt(bytes: Buffer, begin: number, size: number): AnchorKey | typeof textKey | undefined {
  switch (size) {
    case 4:
      return bytes[begin] === 0x74 && bytes[begin + 1] === 0x79 && is(bytes, begin, 'type') ? 'type' : undefined;
    case 7:
      return bytes[begin + 4] === 0x41 && is(bytes, begin, 'roleArn') ? 'roleArn' : undefined;
    case 9:
      if (bytes[begin] === 0x65 && bytes[begin + 5] === 0x4e) {
        return is(bytes, begin, 'eventName') ? 'eventName' : undefined;
      }
      return bytes[begin + 5] === 0x43 && is(bytes, begin, 'errorCode') ? 'errorCode' : undefined;
    case textKey.length:
      return bytes[begin] === 0x43 && is(bytes, begin, textKey) ? textKey : undefined;
    default:
      return undefined;
  }
}

function is(bytes: Buffer, begin: number, text: string): boolean {
  return (bytes as Sliced).latin1Slice(begin, begin + text.length) === text;
}
