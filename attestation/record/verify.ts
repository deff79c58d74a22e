import { canonical, type Json } from './canonical';
import { beginning, hashOf, type Link } from './chain';
import { type Content, keysOf } from './content';
import { chainId, type StoredItem } from './table';

/** What is wrong with an entry. */
export type Tampering = 'altered' | 'removed' | 'inserted' | 'moved' | 'truncated' | 'index';

/** A finding of the verification; `number` names the entry. */
export interface Finding {
  readonly kind: Tampering;
  readonly number: number;
  readonly text: string;
}

/** What the record was found to be. */
export interface Verification {
  readonly entries: number;
  /** Its end, as it lies there. */
  readonly head: Link;
  /** Ends that were published elsewhere and agree. */
  readonly anchors: number;
  readonly findings: readonly Finding[];
}

/** An entry as it lies in the table, and what it should be. */
interface Checked {
  readonly item: StoredItem;
  readonly content?: Content;
  /** The hash that its number, its predecessor's hash and its content make. */
  readonly actual?: string;
  readonly sound: boolean;
}

/**
 * Verifies a record: that each entry is as it was written, that each follows on the one before, that none is missing,
 * that the end is not cut off behind what was published elsewhere (`anchors`), and that the index says the same. Pure.
 */
export function verify(items: readonly StoredItem[], anchors: readonly Link[]): Verification {
  const chain = items
    .filter(({ id }) => id === chainId)
    .sort((one, other) => one.number - other.number)
    .map(checked);
  const within = entryFindings(chain);
  const named = new Set(within.map(({ number }) => number));
  const against = anchorFindings(chain, anchors).filter(({ number }) => !named.has(number));
  const hashes = new Map(chain.map(({ item }) => [item.number, item.hash]));
  const last = chain.at(-1)?.item;
  return {
    entries: chain.length,
    head: last === undefined ? beginning : { number: last.number, hash: last.hash ?? '' },
    anchors: anchors.filter(({ number, hash }) => hashes.get(number) === hash).length,
    findings: [...within, ...against, ...indexFindings(chain, items)].sort((one, other) => one.number - other.number),
  };
}

function checked(item: StoredItem): Checked {
  try {
    const content = JSON.parse(item.content ?? '') as Content;
    const actual = hashOf({ number: item.number, previous: item.previous ?? '', content });
    // The text itself, too: an equal value that is written otherwise was not written by us.
    const same = canonical(content as unknown as Json) === item.content;
    return { item, content, actual, sound: same && actual === item.hash };
  } catch {
    return { item, sound: false };
  }
}

function entryFindings(chain: readonly Checked[]): Finding[] {
  const findings: Finding[] = [];
  const homes = homesOf(chain);
  let before: Link = beginning;
  for (const [index, entry] of chain.entries()) {
    const { number, previous, hash = '' } = entry.item;
    if (!Number.isInteger(number) || number < 1) {
      findings.push(finding('inserted', number, `entry ${number} stands where no entry can: it was put in`));
      continue;
    }
    if (number > before.number + 1) {
      findings.push(missing('removed', before.number + 1, number - 1, 'missing'));
    }
    if (!entry.sound) {
      findings.push(brokenFinding(number, homes));
    } else if (previous !== before.hash && before.number === number - 1 && chain[index - 1]?.sound !== false) {
      findings.push(linkFinding(number));
    }
    before = { number, hash };
  }
  return findings;
}

function missing(kind: 'removed' | 'truncated', first: number, last: number, how: string): Finding {
  const which = first === last ? `entry ${first} is` : `entries ${first} to ${last} are`;
  return finding(kind, first, `${which} ${how}`);
}

/** Of entries that are not what their hash says, the number with which they are. */
function homesOf(chain: readonly Checked[]): ReadonlyMap<number, number> {
  const broken = chain.filter(({ sound, content }) => !sound && content !== undefined);
  const candidates = [...new Set(broken.flatMap(({ item }) => [item.number - 1, item.number, item.number + 1]))];
  return new Map(
    broken.flatMap(({ item: { number, previous = '', hash }, content }): [number, number][] => {
      const isHome = (home: number) => hashOf({ number: home, previous, content: content as Content }) === hash;
      const home = candidates.find((candidate) => candidate !== number && isHome(candidate));
      return home === undefined ? [] : [[number, home]];
    }),
  );
}

/** An entry that is not what its hash says: it stood elsewhere, makes room for another, or was changed. */
function brokenFinding(number: number, homes: ReadonlyMap<number, number>): Finding {
  const home = homes.get(number);
  if (home === undefined) {
    return finding('altered', number, `entry ${number} was altered: it is not what its hash says`);
  }
  const swapped = homes.get(home) === number;
  if (!swapped && home === number - 1 && homes.get(home) !== home - 1) {
    return finding(
      'inserted',
      home,
      `entry ${home} was put in: what is now entry ${number} was written as entry ${home}`,
    );
  }
  if (!swapped && home === number + 1 && homes.get(number - 1) !== number) {
    return finding('removed', number, `entry ${number} was removed: what stands there was written as entry ${home}`);
  }
  return finding('moved', number, `entry ${number} was moved there: it was written as entry ${home}`);
}

/** A sound entry that names another predecessor than stands before it, though that one is sound: it was written anew. */
function linkFinding(number: number): Finding {
  const text = `entry ${number - 1} was altered: entry ${number} was written after another one`;
  return finding('altered', number - 1, text);
}

function anchorFindings(chain: readonly Checked[], anchors: readonly Link[]): Finding[] {
  const byNumber = new Map(chain.map(({ item }) => [item.number, item]));
  const last = chain.at(-1)?.item.number ?? 0;
  const highest = Math.max(0, ...anchors.map(({ number }) => number));
  const findings: Finding[] = [];
  if (highest > last) {
    findings.push(missing('truncated', last + 1, highest, `cut off: the record once ended with entry ${highest}`));
  }
  // The first that differs is where it was changed; all that follow were written anew after it.
  const changed = [...anchors]
    .sort((one, other) => one.number - other.number)
    .find(({ number, hash }) => (byNumber.get(number)?.hash ?? hash) !== hash);
  if (changed !== undefined) {
    const text = `entry ${changed.number} is another than it was when its hash was published, with all before it`;
    findings.push(finding('altered', changed.number, text));
  }
  return findings;
}

/** The index must have what the entries say, and nothing else: else a question could be hidden. */
function indexFindings(chain: readonly Checked[], items: readonly StoredItem[]): Finding[] {
  const wanted = new Map<string, number>();
  for (const { item, content, sound } of chain) {
    for (const key of sound && content ? keysOf(content) : []) {
      wanted.set(`${key} ${item.number}`, item.number);
    }
  }
  const broken = new Set(chain.filter(({ sound }) => !sound).map(({ item }) => item.number));
  const there = new Set<string>();
  const findings: Finding[] = [];
  for (const { id, number } of items.filter((item) => item.id !== chainId)) {
    const key = `${id} ${number}`;
    there.add(key);
    if (!wanted.has(key) && !broken.has(number)) {
      findings.push(finding('index', number, `the index has ${id} for entry ${number}, which does not say so`));
    }
  }
  for (const [key, number] of wanted) {
    if (!there.has(key)) {
      const text = `entry ${number} cannot be found by ${key.slice(0, key.lastIndexOf(' '))}: the index lacks it`;
      findings.push(finding('index', number, text));
    }
  }
  return findings;
}

function finding(kind: Tampering, number: number, text: string): Finding {
  return { kind, number, text };
}
