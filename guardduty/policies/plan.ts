import { contentLimit, sameContent } from './content';
import type {
  DesiredPolicy,
  ObservedPolicies,
  ObservedPolicy,
  PolicyChange,
  PolicyPlan,
  PolicyProblem,
  PolicyTarget,
} from './types';

/** Compares. Pure. Changes come in the order in which they can be made; policies that Garrison did not make are left alone. */
export function planPolicies(wanted: readonly DesiredPolicy[], observed: ObservedPolicies): PolicyPlan {
  const problems: PolicyProblem[] = [];
  const changes: PolicyChange[] = [];
  const ours = observed.policies.filter((policy) => policy.ours);
  for (const policy of wanted) {
    const problem = obstacle(policy, observed);
    if (problem) {
      problems.push(problem);
    } else {
      changes.push(...changesFor(policy, ours, observed));
    }
  }
  const unwanted = ours.filter(({ name }) => wanted.every((policy) => policy.name !== name));
  const removals = unwanted.flatMap(removal);
  const needsType = !observed.enabled && changes.some(({ kind }) => kind === 'attach-policy');
  const enabling: PolicyChange[] = needsType ? [{ kind: 'enable-policy-type', rootId: observed.rootId }] : [];
  return { changes: [...enabling, ...changes, ...removals], problems };
}

function obstacle({ name, target, content }: DesiredPolicy, observed: ObservedPolicies): PolicyProblem | undefined {
  if (observed.policies.some((policy) => policy.name === name && !policy.ours)) {
    return {
      code: 'guardduty.policy.foreign',
      reason: `there is a GuardDuty policy ${name} that Garrison did not make`,
      remedy: 'Rename or delete it; Garrison changes only policies with the tag garrison.',
    };
  }
  if (targetId(target, observed) === undefined) {
    return {
      code: 'guardduty.policy.target',
      reason: `the organization has no unit ${(target as { path: string }).path}`,
      remedy: 'Correct guardduty.policy.targets, or the override that names it.',
    };
  }
  return content.length <= contentLimit
    ? undefined
    : {
        code: 'guardduty.policy.size',
        reason: `the policy ${name} would have ${content.length.toLocaleString('en')} characters; Organizations takes ${contentLimit.toLocaleString('en')}`,
        remedy: 'Set `regions: all`, so that a default stands for most regions, or name fewer regions in overrides.',
      };
}

function targetId(target: PolicyTarget, { rootId, units }: ObservedPolicies): string | undefined {
  switch (target.kind) {
    case 'root':
      return rootId;
    case 'unit':
      return units.get(target.path);
    case 'account':
      return target.accountId;
  }
}

function changesFor(
  { name, target, content }: DesiredPolicy,
  ours: readonly ObservedPolicy[],
  observed: ObservedPolicies,
): PolicyChange[] {
  const place = targetId(target, observed) as string;
  const found = ours.find((policy) => policy.name === name);
  if (!found) {
    return [
      { kind: 'create-policy', name, content },
      { kind: 'attach-policy', name, targetId: place },
    ];
  }
  const { id: policyId, targetIds } = found;
  const elsewhere = targetIds.filter((id) => id !== place);
  return [
    ...(sameContent(content, found.content ?? '')
      ? []
      : [{ kind: 'update-policy', name, policyId, content } satisfies PolicyChange]),
    ...(targetIds.includes(place)
      ? []
      : [{ kind: 'attach-policy', name, policyId, targetId: place } satisfies PolicyChange]),
    ...elsewhere.map((id) => ({ kind: 'detach-policy', name, policyId, targetId: id }) satisfies PolicyChange),
  ];
}

function removal({ id: policyId, name, targetIds }: ObservedPolicy): PolicyChange[] {
  return [
    ...targetIds.map((targetId) => ({ kind: 'detach-policy', name, policyId, targetId }) satisfies PolicyChange),
    { kind: 'delete-policy', name, policyId },
  ];
}
