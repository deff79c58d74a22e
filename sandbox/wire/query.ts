import type { NormalizedSchema } from '@smithy/core/schema';
import { readText } from './values';

/** A form's dotted names as a tree: `Tags.member.1.Key=x` → Tags → member → 1 → Key → x. */
interface Branch {
  text?: string;
  readonly children: Map<string, Branch>;
}

function treeOf(form: URLSearchParams): Branch {
  const root: Branch = { children: new Map() };
  for (const [name, text] of form) {
    let branch = root;
    for (const part of name.split('.')) {
      let next = branch.children.get(part);
      if (!next) {
        next = { children: new Map() };
        branch.children.set(part, next);
      }
      branch = next;
    }
    branch.text = text;
  }
  return root;
}

interface QueryTraits {
  xmlName?: string;
  xmlFlattened?: unknown;
  ec2QueryName?: string;
}

/** Reads the form of the Query protocol (and of its EC2 variant: capital names, lists always flat). */
export function readQuery(shape: NormalizedSchema, form: URLSearchParams, ec2: boolean): unknown {
  return readBranch(shape, treeOf(form), ec2);
}

function wireName(name: string, member: NormalizedSchema, ec2: boolean): string {
  const traits = member.getMemberTraits() as QueryTraits;
  if (!ec2) {
    return traits.xmlName ?? name;
  }
  const chosen = traits.xmlName ?? name;
  return traits.ec2QueryName ?? chosen.charAt(0).toUpperCase() + chosen.slice(1);
}

function readBranch(shape: NormalizedSchema, branch: Branch, ec2: boolean): unknown {
  if (shape.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const found = childOf(branch, wireName(name, member, ec2), member);
      if (found) {
        result[name] = readBranch(member, found, ec2);
      }
    }
    return result;
  }
  if (shape.isListSchema()) {
    return readList(shape, branch, ec2);
  }
  if (shape.isMapSchema()) {
    return readMap(shape, branch, ec2);
  }
  return readText(shape, branch.text ?? '');
}

/** A flattened list may go by its items' name instead of its own. */
function childOf(branch: Branch, name: string, member: NormalizedSchema): Branch | undefined {
  const found = branch.children.get(name);
  if (found || !member.isListSchema()) {
    return found;
  }
  const itemName = (member.getValueSchema().getMergedTraits() as QueryTraits).xmlName;
  return itemName ? branch.children.get(itemName) : undefined;
}

function numbered(branch: Branch): Branch[] {
  return [...branch.children]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, child]) => child);
}

/** Whether the trait says flat or not, clients' numbers tell it: `Names.1` or `Names.member.1`. */
function readList(shape: NormalizedSchema, branch: Branch, ec2: boolean): unknown[] {
  const item = shape.getValueSchema();
  const itemName = (item.getMergedTraits() as QueryTraits).xmlName ?? 'member';
  const nested = branch.children.get(itemName) ?? branch.children.get('member');
  return numbered(nested ?? branch).map((child) => readBranch(item, child, ec2));
}

function readMap(shape: NormalizedSchema, branch: Branch, ec2: boolean): Record<string, unknown> {
  const [key, item] = [shape.getKeySchema(), shape.getValueSchema()];
  const keyName = (key.getMergedTraits() as QueryTraits).xmlName ?? 'key';
  const valueName = (item.getMergedTraits() as QueryTraits).xmlName ?? 'value';
  const entries = numbered(branch.children.get('entry') ?? branch);
  return Object.fromEntries(
    entries.map((entry) => {
      const value = entry.children.get(valueName) ?? { children: new Map() };
      return [entry.children.get(keyName)?.text ?? '', readBranch(item, value, ec2)];
    }),
  );
}
