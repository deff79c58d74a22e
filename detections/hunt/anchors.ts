import type { Condition } from '../condition';
import type { Watcher } from '../engine';
import { wildcardTest } from '../wildcard';

/** Keys whose text values the scanner looks at, the most telling first. */
const anchorKeys = ['roleArn', 'eventName', 'errorCode', 'type'] as const;
export type AnchorKey = (typeof anchorKeys)[number];

interface Anchor {
  readonly key: AnchorKey;
  readonly texts: readonly string[];
  readonly patterns: readonly string[];
}

/**
 * Tells from a few texts of a record which detections could fire on it, before the record is parsed. Errs to the safe
 * side: says a detection too many, never one too few.
 */
export class Anchors {
  private readonly texts: Readonly<Record<AnchorKey, Map<string, number[]>>>;
  private readonly patterns: Readonly<Record<AnchorKey, { test: (text: string) => boolean; watcher: number }[]>>;
  /** Watchers without an anchor look at every record. */
  readonly always: readonly number[];

  constructor(watchers: readonly Watcher[]) {
    this.texts = { roleArn: new Map(), eventName: new Map(), errorCode: new Map(), type: new Map() };
    this.patterns = { roleArn: [], eventName: [], errorCode: [], type: [] };
    const always: number[] = [];
    watchers.forEach(({ configured }, watcher) => {
      const anchors = anchorsOf(configured.condition);
      if (anchors) {
        for (const anchor of anchors) {
          this.enter(anchor, watcher);
        }
      } else {
        always.push(watcher);
      }
    });
    this.always = always;
  }

  /** Adds the watchers to which a text under a key is of interest. */
  collect(key: AnchorKey, text: string, found: Set<number>): void {
    const exact = this.texts[key].get(text);
    if (exact) {
      for (const watcher of exact) {
        found.add(watcher);
      }
    }
    for (const { test, watcher } of this.patterns[key]) {
      if (test(text)) {
        found.add(watcher);
      }
    }
  }

  /** All watchers of a key: for a text that cannot be told without parsing. */
  collectAll(key: AnchorKey, found: Set<number>): void {
    for (const watcher of [...this.texts[key].values()].flat()) {
      found.add(watcher);
    }
    for (const { watcher } of this.patterns[key]) {
      found.add(watcher);
    }
  }

  private enter({ key, texts, patterns }: Anchor, watcher: number): void {
    for (const text of texts) {
      const known = this.texts[key].get(text) ?? [];
      this.texts[key].set(text, [...known, watcher]);
    }
    for (const pattern of patterns) {
      this.patterns[key].push({ test: wildcardTest(pattern), watcher });
    }
  }
}

/** Texts of which at least one stands in every record that satisfies the condition; undefined if none can be named. */
function anchorsOf(condition: Condition): Anchor[] | undefined {
  switch (condition.kind) {
    case 'all':
      return condition.of
        .map(anchorsOf)
        .filter((anchors) => anchors !== undefined)
        .sort((left, right) => rank(left) - rank(right))[0];
    case 'any': {
      const members = condition.of.map(anchorsOf);
      return members.every((anchors) => anchors !== undefined) ? members.flat() : undefined;
    }
    case 'is':
    case 'like': {
      const key = keyOf(condition.field);
      const values = condition.kind === 'is' ? condition.values : condition.patterns;
      if (!key || !values.every((value) => typeof value === 'string')) {
        return undefined;
      }
      const [texts, patterns] = condition.kind === 'is' ? [values, []] : [[], values];
      return [{ key, texts, patterns }];
    }
    default:
      return undefined;
  }
}

function keyOf(field: string): AnchorKey | undefined {
  const last = field.slice(field.lastIndexOf('.') + 1);
  return anchorKeys.find((key) => key === last);
}

function rank(anchors: readonly Anchor[]): number {
  return Math.max(...anchors.map(({ key }) => anchorKeys.indexOf(key)));
}
