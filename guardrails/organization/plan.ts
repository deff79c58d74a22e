import { createHash } from 'node:crypto';
import type { PackedPolicy } from '../pack';
import type { Change, ObservedOrganization, ObservedPolicy, Target, WantedPolicy } from './types';

/**
 * Policies as they stand in the organization: with a name that tells the content. So a change of the configuration makes
 * policies of its own, and comes into force at one target after the other, as people ask.
 */
export function wantedPolicies(policies: readonly PackedPolicy[]): WantedPolicy[] {
  return policies.map(({ name, content, guardrails }) => ({
    name: `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 8)}`,
    content,
    description: descriptionOf(guardrails),
  }));
}

/** Whether a name is one that `wantedPolicies` gives. */
export function isOwnName(name: string): boolean {
  return /^garrison-guardrails-\d+-[0-9a-f]{8}$/.test(name);
}

/**
 * What has to be done so that a target has these policies of Garrison's and no others. Other targets stay as they are.
 * What is new hangs before what is old goes, unless the target has not enough places for both. Pure.
 *
 * @param free places for policies that the target has left
 */
export function planAttachment(
  observed: ObservedOrganization,
  wanted: readonly WantedPolicy[],
  target: Target,
  free: number,
): Change[] {
  const names = new Set(wanted.map(({ name }) => name));
  const hanging = policiesAt(observed, target);
  const attach = wanted
    .filter(({ name }) => !hanging.some((policy) => policy.name === name))
    .map(({ name }) => ({ kind: 'attach', name, target }) as const);
  const detach = hanging
    .filter(({ name }) => !names.has(name))
    .map(({ id, name }) => ({ kind: 'detach', id, name, target }) as const);
  return [
    ...(observed.typeEnabled ? [] : [{ kind: 'enable' } as const]),
    ...wanted.flatMap((policy) => contentChange(observed, policy)),
    ...(attach.length <= free ? [...attach, ...detach] : [...detach, ...attach]),
    ...idle(observed, new Set([target.id]), names),
  ];
}

/** What has to be done so that none hangs there any more; policies that then hang nowhere go. Pure. */
export function planDetachment(observed: ObservedOrganization, targets: readonly Target[]): Change[] {
  const leaving = new Set(targets.map(({ id }) => id));
  const detach = observed.policies.flatMap(({ id, name, targets: hanging }) =>
    hanging.filter((target) => leaving.has(target.id)).map((target) => ({ kind: 'detach', id, name, target }) as const),
  );
  return [...detach, ...idle(observed, leaving, new Set())];
}

/** Garrison's policies at a target. */
export function policiesAt({ policies }: ObservedOrganization, { id }: Target): ObservedPolicy[] {
  return policies.filter(({ targets }) => targets.some((target) => target.id === id));
}

/** Where Garrison's policies hang, each target once, by its name. */
export function inForceAt({ policies }: ObservedOrganization): Target[] {
  const targets = new Map(policies.flatMap((policy) => policy.targets).map((target) => [target.id, target]));
  return [...targets.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Policies that hang nowhere once these targets have let go of what is not kept. */
function idle(observed: ObservedOrganization, leaving: ReadonlySet<string>, kept: ReadonlySet<string>): Change[] {
  return observed.policies
    .filter(({ name, targets }) => !kept.has(name) && targets.every(({ id }) => leaving.has(id)))
    .map(({ id, name }) => ({ kind: 'delete', id, name }) as const);
}

function contentChange(observed: ObservedOrganization, { name, content, description }: WantedPolicy): Change[] {
  const standing = observed.policies.find((policy) => policy.name === name);
  if (!standing) {
    return [{ kind: 'create', name, content, description }];
  }
  const { id, targets } = standing;
  return sameDocument(standing.content, content) ? [] : [{ kind: 'restore', id, name, content, targets }];
}

const longestDescription = 512;

function descriptionOf(guardrails: readonly string[]): string {
  const text = `Garrison guardrails: ${guardrails.join(', ')}. Kept by \`garrison guardrails attach\`.`;
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
