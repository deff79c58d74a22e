import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import type { Host } from '../../organization/messages';
import { callPolicy, type PolicyCall } from '../../organization/policyCalls';
import type { Session } from '../../organization/sessions';
import { ownershipTag, policyType } from './observe';
import type { Change, ObservedOrganization } from './types';

/**
 * Makes the changes, one after another: Organizations takes one change at a time. What was done before a failure stays;
 * a second run does the rest.
 *
 * @returns how many were made
 * @throws GarrisonError with the change that failed
 */
export async function applyChanges(
  changes: readonly Change[],
  observed: ObservedOrganization,
  session: Session,
  host: Host,
): Promise<number> {
  const client = session.client(OrganizationsClient, session.homeRegion);
  const ids = new Map(observed.policies.map(({ name, id }) => [name, id]));
  for (const change of changes) {
    const call = callOf(change, ids, observed.root.id);
    try {
      const created = await callPolicy(client, call);
      if (call.operation === 'CreatePolicy' && created !== undefined) {
        ids.set(call.name, created);
      }
    } catch (error) {
      throw failed(change, error, { accountId: session.accountId, operation: `organizations:${call.operation}` });
    }
    host.emit({ code: `guardrail.${change.kind}`, level: 'info', text: changeText(change) });
  }
  return changes.length;
}

/** @param ids of policies by name, those that were created included */
function callOf(change: Change, ids: ReadonlyMap<string, string>, rootId: string): PolicyCall {
  switch (change.kind) {
    case 'enable':
      return { operation: 'EnablePolicyType', rootId, type: policyType };
    case 'create': {
      const { name, content, description } = change;
      return { operation: 'CreatePolicy', type: policyType, name, content, description, tag: ownershipTag };
    }
    case 'restore':
      return { operation: 'UpdatePolicy', policyId: change.id, content: change.content };
    case 'attach':
      return { operation: 'AttachPolicy', policyId: ids.get(change.name), targetId: change.target.id };
    case 'detach':
      return { operation: 'DetachPolicy', policyId: change.id, targetId: change.target.id };
    case 'delete':
      return { operation: 'DeletePolicy', policyId: change.id };
  }
}

function failed(change: Change, error: unknown, place: { accountId: string; operation: string }): GarrisonError {
  const { code, message, remedy } = explain(error, place);
  return new GarrisonError(code, `${changeText(change)}: ${message}`, remedy, place, { cause: error });
}

/** A change in a few words. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'enable':
      return 'switch service control policies on';
    case 'attach':
      return `attach ${change.name} to ${change.target.name} (${change.target.id})`;
    case 'detach':
      return `detach ${change.name} from ${change.target.name} (${change.target.id})`;
    case 'restore':
      return `restore ${change.name}, which somebody changed by hand`;
    default:
      return `${change.kind} ${change.name}`;
  }
}
