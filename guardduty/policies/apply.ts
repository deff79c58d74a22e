import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import { callPolicy, isTypeEnabled, type PolicyCall, policyWaits, readRoot } from '../../organization/policyCalls';
import type { Session } from '../../organization/sessions';
import { garrisonTag } from '../settings';
import { policyType, readPolicies } from './read';
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
      await make(change, run);
      done.push(change);
    } catch (error) {
      stopped.add(name);
      failed.push(
        explain(error, {
          accountId: management.accountId,
          operation: `organizations:${callOf(change, run).operation}`,
        }),
      );
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

async function make(change: PolicyChange, run: Run): Promise<void> {
  const { client, created } = run;
  const call = callOf(change, run);
  switch (call.operation) {
    case 'CreatePolicy':
      created.set(call.name, await create(call, run));
      return;
    case 'EnablePolicyType':
      await callPolicy(client, call);
      await awaitEnabled(client);
      return;
    default:
      await callPolicy(client, call);
  }
}

type CreateCall = Extract<PolicyCall, { operation: 'CreatePolicy' }>;

function callOf(change: PolicyChange, { created }: Pick<Run, 'created'>): PolicyCall {
  switch (change.kind) {
    case 'enable-policy-type':
      return { operation: 'EnablePolicyType', rootId: change.rootId, type: policyType };
    case 'create-policy':
      return {
        operation: 'CreatePolicy',
        type: policyType,
        name: change.name,
        description: 'Garrison keeps this policy: see guardduty.policy in garrison.yaml',
        content: change.content,
        tag: { Key: garrisonTag, Value: 'policy' },
      };
    case 'update-policy':
      return { operation: 'UpdatePolicy', policyId: change.policyId, content: change.content };
    case 'attach-policy': {
      const policyId = change.policyId ?? created.get(change.name);
      return { operation: 'AttachPolicy', policyId, targetId: change.targetId };
    }
    case 'detach-policy':
      return { operation: 'DetachPolicy', policyId: change.policyId, targetId: change.targetId };
    case 'delete-policy':
      return { operation: 'DeletePolicy', policyId: change.policyId };
  }
}

/** The id of the new policy; of the one that another run has made meanwhile, if it is ours. */
async function create(call: CreateCall, { client, management }: Run): Promise<string> {
  try {
    return (await callPolicy(client, call)) as string;
  } catch (error) {
    const isTaken = (error as Error).name === 'DuplicatePolicyException';
    const { policies } = isTaken ? await readPolicies(management, []) : { policies: [] };
    const theirs = policies.find((policy) => policy.name === call.name && policy.ours);
    if (!theirs) {
      throw error;
    }
    return theirs.id;
  }
}

/** Organizations enables a type in the background. */
async function awaitEnabled(client: OrganizationsClient): Promise<void> {
  for (const wait of policyWaits) {
    if (isTypeEnabled(await readRoot(client), policyType)) {
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
