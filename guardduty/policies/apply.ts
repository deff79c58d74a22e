import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  OrganizationsClient,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import type { Session } from '../../organization/sessions';
import { garrisonTag } from '../settings';
import { isEnabled, policyType, readPolicies, readRoot } from './read';
import type { PolicyChange, PolicyOutcome, PolicyPlan } from './types';

/**
 * Carries a plan out as the management account, one change after the other: Organizations takes one at a time. A change
 * that fails stops those of the same policy, and no others.
 */
export async function applyPolicies(plan: PolicyPlan, management: Session): Promise<PolicyOutcome> {
  const client = management.client(OrganizationsClient, management.homeRegion);
  const run: Run = { client, management, created: new Map() };
  const done: PolicyChange[] = [];
  const failed: GarrisonError[] = [];
  const stopped = new Set<string>();
  for (const change of plan.changes) {
    const name = 'name' in change ? change.name : '';
    if (stopped.has(name) || stopped.has('')) {
      continue;
    }
    try {
      await patiently(() => make(change, run));
      done.push(change);
    } catch (error) {
      stopped.add(name);
      failed.push(explain(error, { accountId: management.accountId, operation: operations[change.kind] }));
    }
  }
  return { done, failed };
}

interface Run {
  readonly client: OrganizationsClient;
  readonly management: Session;
  /** Ids of the policies that this run created, by name. */
  readonly created: Map<string, string>;
}

const operations: Readonly<Record<PolicyChange['kind'], string>> = {
  'enable-policy-type': 'organizations:EnablePolicyType',
  'create-policy': 'organizations:CreatePolicy',
  'update-policy': 'organizations:UpdatePolicy',
  'attach-policy': 'organizations:AttachPolicy',
  'detach-policy': 'organizations:DetachPolicy',
  'delete-policy': 'organizations:DeletePolicy',
};

/** What each change finds where another run, or one whose answer was lost, was there first. */
const doneBefore: Readonly<Partial<Record<PolicyChange['kind'], RegExp>>> = {
  'enable-policy-type': /^PolicyTypeAlreadyEnabledException$/,
  'attach-policy': /^DuplicatePolicyAttachmentException$/,
  'detach-policy': /^(PolicyNotAttachedException|PolicyNotFoundException)$/,
  'delete-policy': /^PolicyNotFoundException$/,
};

async function make(change: PolicyChange, run: Run): Promise<void> {
  try {
    await call(change, run);
  } catch (error) {
    if (!doneBefore[change.kind]?.test((error as Error).name)) {
      throw error;
    }
  }
}

async function call(change: PolicyChange, run: Run): Promise<void> {
  const { client } = run;
  switch (change.kind) {
    case 'enable-policy-type':
      await client.send(new EnablePolicyTypeCommand({ RootId: change.rootId, PolicyType: policyType }));
      await awaitEnabled(client);
      return;
    case 'create-policy':
      run.created.set(change.name, await create(change, run));
      return;
    case 'update-policy':
      await client.send(new UpdatePolicyCommand({ PolicyId: change.policyId, Content: change.content }));
      return;
    case 'attach-policy': {
      const PolicyId = change.policyId ?? run.created.get(change.name);
      await client.send(new AttachPolicyCommand({ PolicyId, TargetId: change.targetId }));
      return;
    }
    case 'detach-policy':
      await client.send(new DetachPolicyCommand({ PolicyId: change.policyId, TargetId: change.targetId }));
      return;
    case 'delete-policy':
      await client.send(new DeletePolicyCommand({ PolicyId: change.policyId }));
      return;
  }
}

/** The id of the new policy; of the one that another run has made meanwhile, if it is ours. */
async function create({ name, content }: { readonly name: string; readonly content: string }, run: Run) {
  const request = new CreatePolicyCommand({
    Name: name,
    Description: 'Garrison keeps this policy: see guardduty.policy in garrison.yaml',
    Type: policyType,
    Content: content,
    Tags: [{ Key: garrisonTag, Value: 'policy' }],
  });
  try {
    const { Policy } = await run.client.send(request);
    return Policy?.PolicySummary?.Id as string;
  } catch (error) {
    const isTaken = (error as Error).name === 'DuplicatePolicyException';
    const { policies } = isTaken ? await readPolicies(run.management, []) : { policies: [] };
    const theirs = policies.find((policy) => policy.name === name && policy.ours);
    if (!theirs) {
      throw error;
    }
    return theirs.id;
  }
}

/** Waits between tries, in milliseconds. Organizations enables a type in the background, and takes one change at a time. */
const waits = [100, 200, 400, 800, 1_600, 3_200, 6_400];

async function awaitEnabled(client: OrganizationsClient): Promise<void> {
  for (const wait of waits) {
    if (isEnabled(await readRoot(client))) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  throw new GarrisonError(
    'guardduty.policy.type',
    'Organizations has not enabled GuardDuty policies yet',
    'Run `garrison apply` again in some minutes.',
  );
}

async function patiently(work: () => Promise<void>): Promise<void> {
  for (const wait of waits) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as Error).name !== 'ConcurrentModificationException') {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  await work();
}
