import { endBefore, isBlank } from './boundary';
import { quote, type Sliced } from './bytes';

/** So long may be what stands between two records, and a record's first key. */
const longest = 64;
/** So many first keys are told apart; so often may a guess fail, which costs the time of a parse. */
const most = 64;

/**
 * Guesses where a record ends without a look at its bytes: where something stands that looks like the border between
 * two records, by the borders seen before. A guess is sure only once what lies in front of it parses.
 */
export class Neighbours {
  /** From the end of a record to the quotation mark in front of the next one's first key, such as `},{"`. */
  private separator: Buffer | undefined;
  private readonly firstKeys = new Set<string>();
  private misses = 0;

  /** Learns from where a record begins. */
  learn(bytes: Buffer, start: number): void {
    let begin = start + 1;
    while (isBlank(bytes[begin])) {
      begin += 1;
    }
    const key = bytes[begin] === quote ? keyAt(bytes, begin + 1) : undefined;
    if (key === undefined || this.misses > most) {
      return;
    }
    if (this.firstKeys.size < most) {
      this.firstKeys.add(key);
    }
    const end = this.separator === undefined ? endBefore(bytes, start) : -1;
    if (end > 0 && begin - end < longest) {
      this.separator = Buffer.from(bytes.subarray(end - 1, begin + 1));
    }
  }

  /** Where a record that goes on at a position may end. Negative if nothing can be said. */
  endFrom(bytes: Buffer, position: number): number {
    if (this.separator === undefined) {
      return -1;
    }
    const { length } = this.separator;
    let border = bytes.indexOf(this.separator, position);
    while (border >= 0) {
      const key = keyAt(bytes, border + length);
      if (key !== undefined && this.firstKeys.has(key)) {
        return border + 1;
      }
      border = bytes.indexOf(this.separator, border + length);
    }
    return -1;
  }

  /** A guess was wrong. After many of them no more are made. */
  missed(): void {
    this.misses += 1;
    if (this.misses > most) {
      this.separator = undefined;
    }
  }
}

function keyAt(bytes: Buffer, begin: number): string | undefined {
  const last = Math.min(bytes.length, begin + longest);
  for (let end = begin; end < last; end += 1) {
    if (bytes[end] === quote) {
      return (bytes as Sliced).latin1Slice(begin, end);
    }
  }
  return undefined;
}
