import type { Condition } from '../condition';
import type { Watcher } from '../engine';
import { type CloudTrailRecord, lookUp, stepsOf } from '../record';
import { wildcardTest } from '../wildcard';

/** Keys whose text values the scanner looks at, the most telling first. */
const anchorKeys = ['roleArn', 'eventName', 'errorCode', 'type'] as const;
export type AnchorKey = (typeof anchorKeys)[number];

interface Anchor {
  readonly field: string;
  readonly key: AnchorKey;
  readonly texts: readonly string[];
  readonly patterns: readonly string[];
}

type TextTest = (text: string) => boolean;

/** What is of interest under a key, wherever it stands. */
interface KeyAnchors {
  readonly texts: Set<string>;
  readonly tests: TextTest[];
}

/** Which watchers ask for what at a path. */
interface FieldAnchors {
  readonly steps: readonly string[];
  readonly texts: Map<string, number[]>;
  readonly tests: { readonly test: TextTest; readonly watcher: number }[];
}

/**
 * Tells from a few texts of a record whether any detection could fire on it, before the record is parsed, and then
 * which. Errs to the safe side: says a detection too many, never one too few.
 */
export class Anchors {
  private readonly keys: Readonly<Record<AnchorKey, KeyAnchors>>;
  private readonly fields = new Map<string, FieldAnchors>();
  /** Watchers without an anchor look at every record. */
  private readonly always: readonly number[];
  private readonly found = new Set<number>();

  constructor(watchers: readonly Watcher[]) {
    const none = (): KeyAnchors => ({ texts: new Set(), tests: [] });
    this.keys = { roleArn: none(), eventName: none(), errorCode: none(), type: none() };
    const always: number[] = [];
    watchers.forEach(({ configured }, watcher) => {
      const anchors = anchorsOf(configured.condition);
      for (const anchor of anchors ?? []) {
        this.enter(anchor, watcher);
      }
      if (!anchors) {
        always.push(watcher);
      }
    });
    this.always = always;
  }

  /** Every record is of interest to somebody. */
  get takeAll(): boolean {
    return this.always.length > 0;
  }

  /** Whether a text under a key makes a record interesting. */
  isOfInterest(key: AnchorKey, text: string): boolean {
    const { texts, tests } = this.keys[key];
    if (texts.has(text)) {
      return true;
    }
    for (const test of tests) {
      if (test(text)) {
        return true;
      }
    }
    return false;
  }

  /** The watchers to ask about a record. The set is only valid until the next call. */
  watchersOf(record: CloudTrailRecord): ReadonlySet<number> {
    this.found.clear();
    this.addAll(this.always);
    for (const field of this.fields.values()) {
      const value = lookUp(record, field.steps);
      for (const text of Array.isArray(value) ? value : [value]) {
        if (typeof text === 'string') {
          this.addFor(field, text);
        }
      }
    }
    return this.found;
  }

  private addFor({ texts, tests }: FieldAnchors, text: string): void {
    this.addAll(texts.get(text) ?? []);
    for (const { test, watcher } of tests) {
      if (test(text)) {
        this.found.add(watcher);
      }
    }
  }

  private addAll(watchers: readonly number[]): void {
    for (const watcher of watchers) {
      this.found.add(watcher);
    }
  }

  private enter({ field, key, texts, patterns }: Anchor, watcher: number): void {
    const atField: FieldAnchors = this.fields.get(field) ?? { steps: stepsOf(field), texts: new Map(), tests: [] };
    this.fields.set(field, atField);
    for (const text of texts) {
      this.keys[key].texts.add(text);
      atField.texts.set(text, [...(atField.texts.get(text) ?? []), watcher]);
    }
    for (const pattern of patterns) {
      const test = wildcardTest(pattern);
      this.keys[key].tests.push(test);
      atField.tests.push({ test, watcher });
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
      return [{ field: condition.field, key, texts, patterns }];
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
