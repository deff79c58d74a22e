import type { Scalar } from './matchers';

/** In which element of which array a value stands, innermost first. Arrays are numbered within an event. */
export interface Membership {
  readonly array: number;
  readonly index: number;
  readonly outer: Membership | undefined;
}

/** A value of a field, and where it stands. */
export interface FieldValue {
  readonly value: Scalar;
  readonly membership: Membership | undefined;
}

/** The values of the fields that a pattern names, by the number of their path. */
export type FieldValues = (FieldValue[] | undefined)[];

interface Step {
  readonly name: string;
  readonly node: PathNode;
}

/** A place in the tree of the paths that a pattern names. */
export interface PathNode {
  /** The number of the path that ends here. */
  readonly path: number | undefined;
  /** The keys that lead on. A key may span several steps: `a.b` in an event is `b` within `a`. */
  readonly steps: readonly Step[];
}

interface Draft {
  path: number | undefined;
  readonly children: Map<string, Draft>;
}

/** Builds the tree of `paths`; a path's number is its place in the list. */
export function pathTree(paths: readonly string[]): PathNode {
  const root: Draft = { path: undefined, children: new Map() };
  paths.forEach((path, number) => {
    let draft = root;
    for (const step of path.split('.')) {
      const next = draft.children.get(step) ?? { path: undefined, children: new Map() };
      draft.children.set(step, next);
      draft = next;
    }
    draft.path = number;
  });
  return finished(root);
}

function finished(draft: Draft): PathNode {
  const steps: Step[] = [];
  const node: PathNode = { path: draft.path, steps };
  for (const [name, child] of draft.children) {
    const below = finished(child);
    steps.push({ name, node: below });
    for (const step of below.steps) {
      steps.push({ name: `${name}.${step.name}`, node: step.node });
    }
  }
  return node;
}

/** Collects the values of an event under the paths of the tree. */
export function collectFields(event: object, tree: PathNode): FieldValues {
  const collector = new Collector();
  collector.object(event as Readonly<Record<string, unknown>>, tree, undefined);
  return collector.values;
}

class Collector {
  readonly values: FieldValues = [];
  private arrays = 0;

  object(object: Readonly<Record<string, unknown>>, node: PathNode, membership: Membership | undefined): void {
    for (const { name, node: next } of node.steps) {
      if (Object.hasOwn(object, name)) {
        this.value(object[name], next, membership);
      }
    }
  }

  private value(value: unknown, node: PathNode, membership: Membership | undefined): void {
    if (Array.isArray(value)) {
      this.array(value, node, membership);
    } else if (typeof value === 'object' && value !== null) {
      this.object(value as Readonly<Record<string, unknown>>, node, membership);
    } else if (node.path !== undefined && value !== undefined) {
      const found = this.values[node.path];
      if (found) {
        found.push({ value: value as Scalar, membership });
      } else {
        this.values[node.path] = [{ value: value as Scalar, membership }];
      }
    }
  }

  private array(array: readonly unknown[], node: PathNode, membership: Membership | undefined): void {
    const number = this.arrays;
    this.arrays += 1;
    for (let index = 0; index < array.length; index += 1) {
      const element = array[index];
      // Values that stand in an array directly belong to the array as a whole: any of them will do.
      const within =
        typeof element === 'object' && element !== null ? { array: number, index, outer: membership } : membership;
      this.value(element, node, within);
    }
  }
}
