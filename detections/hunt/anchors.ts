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
  /** What was said of texts that no set holds. */
  readonly known: Map<string, boolean>;
}

/** Which watchers ask for what at a path. */
interface FieldAnchors {
  readonly steps: readonly string[];
  readonly texts: Map<string, number[]>;
  readonly tests: { readonly test: TextTest; readonly watcher: number }[];
  /** The watchers of texts that were seen before: the names of events come again and again. */
  readonly known: Map<string, readonly number[]>;
}

/** So many texts are remembered in one place. */
const mostKnown = 2000;
const nobody: readonly number[] = [];

/**
 * Tells from a few texts of a record whether any detection could fire on it, before the record is parsed, and then
 * which. Errs to the safe side: says a detection too many, never one too few.
 */
export class Anchors {
  private readonly keys: Readonly<Record<AnchorKey, KeyAnchors>>;
  private readonly fields = new Map<string, FieldAnchors>();
  /** Watchers without an anchor look at every record. */
  private readonly always: readonly number[];

  constructor(watchers: readonly Watcher[]) {
    const none = (): KeyAnchors => ({ texts: new Set(), tests: [], known: new Map() });
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
    const { texts, tests, known } = this.keys[key];
    if (texts.has(text)) {
      return true;
    }
    if (tests.length === 0) {
      return false;
    }
    let answer = known.get(text);
    if (answer === undefined) {
      answer = tests.some((test) => test(text));
      remember(known, text, answer);
    }
    return answer;
  }

  /** The watchers to ask about a record, each once. */
  watchersOf(record: CloudTrailRecord): readonly number[] {
    let found = this.always;
    for (const field of this.fields.values()) {
      const value = lookUp(record, field.steps);
      if (typeof value === 'string') {
        found = joined(found, watchersFor(field, value));
      } else if (Array.isArray(value)) {
        for (const text of value) {
          found = typeof text === 'string' ? joined(found, watchersFor(field, text)) : found;
        }
      }
    }
    return found;
  }

  private enter({ field, key, texts, patterns }: Anchor, watcher: number): void {
    const atField: FieldAnchors = this.fields.get(field) ?? {
      steps: stepsOf(field),
      texts: new Map(),
      tests: [],
      known: new Map(),
    };
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

function watchersFor({ texts, tests, known }: FieldAnchors, text: string): readonly number[] {
  let watchers = known.get(text);
  if (watchers === undefined) {
    const matching = tests.flatMap(({ test, watcher }) => (test(text) ? [watcher] : []));
    const all = [...new Set([...(texts.get(text) ?? []), ...matching])];
    watchers = all.length === 0 ? nobody : all;
    remember(known, text, watchers);
  }
  return watchers;
}

function remember<Value>(known: Map<string, Value>, text: string, value: Value): void {
  if (known.size >= mostKnown) {
    known.clear();
  }
  known.set(text, value);
}

function joined(left: readonly number[], right: readonly number[]): readonly number[] {
  if (right.length === 0) {
    return left;
  }
  return left.length === 0 ? right : [...new Set([...left, ...right])];
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
