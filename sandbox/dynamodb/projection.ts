import { type Path, valueAt } from './condition';
import { type Placeholders, TokenReader } from './tokens';
import type { Item, Value } from './values';

/** Parses a projection expression into its paths. @throws ServiceError `ValidationException` */
export function parseProjection(source: string, placeholders: Placeholders): Path[] {
  const reader = new TokenReader(source, 'ProjectionExpression', placeholders);
  const paths: Path[] = [reader.path()];
  while (reader.take(',')) {
    paths.push(reader.path());
  }
  reader.expectEnd();
  return paths;
}

interface Node {
  whole?: Value;
  readonly children: Map<string | number, Node>;
}

function build(node: Node): Value {
  if (node.whole) {
    return node.whole;
  }
  const entries = [...node.children];
  if (entries.every(([step]) => typeof step === 'number')) {
    const ordered = entries.sort(([a], [b]) => Number(a) - Number(b));
    return { L: ordered.map(([, child]) => build(child)) };
  }
  return { M: Object.fromEntries(entries.map(([step, child]) => [step, build(child)])) };
}

/** The part of an item that paths name; elements of lists move together. */
export function project(item: Item, paths: readonly Path[] | undefined): Item {
  if (!paths) {
    return item;
  }
  const root: Node = { children: new Map() };
  for (const path of paths) {
    const value = valueAt(item, path);
    if (!value) {
      continue;
    }
    let node = root;
    for (const step of path) {
      const child = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, child);
      node = child;
    }
    node.whole = value;
  }
  return Object.fromEntries([...root.children].map(([name, node]) => [name, build(node)]));
}
