/** A JSON object. */
interface Document {
  [key: string]: unknown;
}

/** A place in the effective policy: a value, or members. */
interface Place {
  value?: unknown;
  readonly members: Map<string, Place>;
  /** Operators that policies further down may use here and below; all when absent. */
  allowed?: readonly string[];
}

const controls = '@@operators_allowed_for_child_policies';

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

function permitted(operator: string, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.includes('@@all') || allowed.includes(operator);
}

function apply(place: Place, operator: string, operand: unknown): void {
  if (operator === '@@assign') {
    place.value = operand;
  }
  if (operator === '@@append') {
    place.value = [...new Set([...listOf(place.value), ...listOf(operand)])];
  }
  if (operator === '@@remove') {
    const removed = listOf(operand);
    place.value = listOf(place.value).filter((item) => !removed.includes(item));
  }
}

/** Merges one policy into what its parents left, as far as they allow. */
function merge(place: Place, policy: Document, inherited: readonly string[] | undefined, isRootMost: boolean): void {
  const allowed = place.allowed ?? inherited;
  for (const [key, value] of Object.entries(policy)) {
    if (key.startsWith('@@')) {
      const usable = isRootMost || permitted(key, allowed);
      if (usable && key !== controls) {
        apply(place, key, value);
      }
      continue;
    }
    const member: Place = place.members.get(key) ?? { members: new Map() };
    if (isDocument(value)) {
      place.members.set(key, member);
      merge(member, value, allowed, isRootMost);
    } else if (isRootMost || permitted('@@assign', allowed)) {
      place.members.set(key, member);
      member.value = value;
    }
  }
}

/** Child control operators of one level hold from the next level on. */
function restrict(place: Place, policy: Document): void {
  const control = policy[controls];
  if (control !== undefined) {
    const operators = listOf(control).map(String);
    place.allowed = place.allowed ? place.allowed.filter((each) => operators.includes(each)) : operators;
  }
  for (const [key, value] of Object.entries(policy)) {
    const member = place.members.get(key);
    if (member && isDocument(value)) {
      restrict(member, value);
    }
  }
}

function result(place: Place): unknown {
  if (place.value !== undefined) {
    return place.value;
  }
  const members = [...place.members].map(([key, member]) => [key, result(member)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/**
 * The effective policy of a target: its own and its parents' documents, merged from the root down by the inheritance
 * operators (`@@assign`, `@@append`, `@@remove` and the child control operators).
 *
 * @param levels documents (JSON) of each level, from the root to the target
 * @returns JSON; undefined when no level has a document
 */
export function effectivePolicy(levels: readonly (readonly string[])[]): string | undefined {
  const top: Place = { members: new Map() };
  const filled = levels.filter((level) => level.length > 0);
  filled.forEach((level, index) => {
    const documents = level.map((content) => JSON.parse(content) as Document);
    for (const document of documents) {
      merge(top, document, undefined, index === 0);
    }
    for (const document of documents) {
      restrict(top, document);
    }
  });
  return filled.length > 0 ? JSON.stringify(result(top)) : undefined;
}
