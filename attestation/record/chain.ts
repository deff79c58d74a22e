import { createHash } from 'node:crypto';
import { canonical, type Json } from './canonical';
import type { Content } from './content';

/** An entry's place in the chain. */
export interface Link {
  /** From 1, without gaps. */
  readonly number: number;
  /** SHA-256 in hexadecimal digits. */
  readonly hash: string;
}

/** An entry of the record. */
export interface Entry extends Link {
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  readonly content: Content;
}

/** What the first entry names as the one before it. */
export const beginning: Link = { number: 0, hash: '0'.repeat(64) };

/** The hash of an entry: over its number, the hash of the one before and all that it says, as canonical JSON. */
export function hashOf({ number, previous, content }: Omit<Entry, 'hash'>): string {
  const text = canonical({ number, previous, content: content as unknown as Json });
  return createHash('sha256').update(text).digest('hex');
}

/** Entries that follow on `tail`, each chained to the one before. */
export function chained(tail: Link, contents: readonly Content[]): Entry[] {
  const entries: Entry[] = [];
  let last = tail;
  for (const content of contents) {
    const unhashed = { number: last.number + 1, previous: last.hash, content };
    const entry = { ...unhashed, hash: hashOf(unhashed) };
    entries.push(entry);
    last = entry;
  }
  return entries;
}
