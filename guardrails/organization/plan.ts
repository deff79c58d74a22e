import type { PackedPolicy } from '../pack';
import type { Change, ObservedOrganization, Target } from './types';

/**
 * What has to be done so that the policies are in force at the targets, and, with other contents, nowhere. Targets where
 * they hang already keep them: policies are shared, so all targets have the same. Pure.
 */
export function planAttachment(
  observed: ObservedOrganization,
  policies: readonly PackedPolicy[],
  targets: readonly Target[],
): Change[] {
  const wanted = distinct([...inForceAt(observed), ...targets]);
  const kept = new Set(policies.map(({ name }) => name));
  const surplus = observed.policies.filter(({ name }) => !kept.has(name));
  return [
    ...(observed.typeEnabled ? [] : [{ kind: 'enable' } as const]),
    ...policies.flatMap((policy) => contentChange(observed, policy)),
    // What is new hangs before what is old goes.
    ...policies.flatMap(({ name }) => {
      const standing = observed.policies.find((policy) => policy.name === name)?.targets ?? [];
      return wanted
        .filter(({ id }) => !standing.some((target) => target.id === id))
        .map((target) => ({ kind: 'attach', name, target }) as const);
    }),
    ...surplus.flatMap(({ id, name, targets: hanging }) => [
      ...hanging.map((target) => ({ kind: 'detach', id, name, target }) as const),
      { kind: 'delete', id, name } as const,
    ]),
  ];
}

/** What has to be done so that they hang there no more; policies that then hang nowhere go. Pure. */
export function planDetachment(observed: ObservedOrganization, targets: readonly Target[]): Change[] {
  const leaving = new Set(targets.map(({ id }) => id));
  return observed.policies.flatMap(({ id, name, targets: hanging }) => {
    const detached = hanging.filter((target) => leaving.has(target.id));
    return [
      ...detached.map((target) => ({ kind: 'detach', id, name, target }) as const),
      ...(detached.length === hanging.length ? [{ kind: 'delete', id, name } as const] : []),
    ];
  });
}

/** Where Garrison's policies hang, each target once, by its name. */
export function inForceAt({ policies }: ObservedOrganization): Target[] {
  return distinct(policies.flatMap(({ targets }) => targets)).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function distinct(targets: readonly Target[]): Target[] {
  return [...new Map(targets.map((target) => [target.id, target])).values()];
}

function contentChange(observed: ObservedOrganization, { name, content, guardrails }: PackedPolicy): Change[] {
  const description = descriptionOf(guardrails);
  const standing = observed.policies.find((policy) => policy.name === name);
  if (!standing) {
    return [{ kind: 'create', name, content, description }];
  }
  const { id, content: before, targets } = standing;
  return sameDocument(before, content) ? [] : [{ kind: 'update', id, name, before, content, description, targets }];
}

const longestDescription = 512;

function descriptionOf(guardrails: readonly string[]): string {
  const text = `Garrison guardrails: ${guardrails.join(', ')}. Kept by \`garrison guardrails attach\`: changes by hand are overwritten.`;
  return text.length <= longestDescription ? text : `${text.slice(0, longestDescription - 1)}…`;
}

/** The console writes blanks into documents. */
function sameDocument(one: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return one === other;
  }
}
