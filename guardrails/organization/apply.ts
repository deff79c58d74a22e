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
import type { Host } from '../../organization/messages';
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
    try {
      await make(change, { client, ids, rootId: observed.root.id });
    } catch (error) {
      if (!isDoneAlready(change, error)) {
        throw failed(change, error, session);
      }
    }
    host.emit({ code: `guardrail.${change.kind}`, level: 'info', text: changeText(change) });
  }
  return changes.length;
}

interface Place {
  readonly client: OrganizationsClient;
  /** Ids of policies by name, those that are created added. */
  readonly ids: Map<string, string>;
  readonly rootId: string;
}

async function make(change: Change, { client, ids, rootId }: Place): Promise<void> {
  switch (change.kind) {
    case 'enable':
      await client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: policyType }));
      return;
    case 'create': {
      const { name: Name, content: Content, description: Description } = change;
      const { Policy } = await client.send(
        new CreatePolicyCommand({ Name, Content, Description, Type: policyType, Tags: [ownershipTag] }),
      );
      ids.set(Name, Policy?.PolicySummary?.Id as string);
      return;
    }
    case 'restore':
      await client.send(new UpdatePolicyCommand({ PolicyId: change.id, Content: change.content }));
      return;
    case 'attach':
      await client.send(new AttachPolicyCommand({ PolicyId: ids.get(change.name), TargetId: change.target.id }));
      return;
    case 'detach':
      await client.send(new DetachPolicyCommand({ PolicyId: change.id, TargetId: change.target.id }));
      return;
    case 'delete':
      await client.send(new DeletePolicyCommand({ PolicyId: change.id }));
  }
}

const doneAlready: Readonly<Partial<Record<Change['kind'], string>>> = {
  enable: 'PolicyTypeAlreadyEnabledException',
  attach: 'DuplicatePolicyAttachmentException',
  detach: 'PolicyNotAttachedException',
  delete: 'PolicyNotFoundException',
};

/** Somebody else, or the try before an answer that was lost, did it. */
function isDoneAlready({ kind }: Change, error: unknown): boolean {
  return doneAlready[kind] === (error as Error).name;
}

const operations: Readonly<Record<Change['kind'], string>> = {
  enable: 'EnablePolicyType',
  create: 'CreatePolicy',
  restore: 'UpdatePolicy',
  attach: 'AttachPolicy',
  detach: 'DetachPolicy',
  delete: 'DeletePolicy',
};

function failed(change: Change, error: unknown, session: Session): GarrisonError {
  const place = { accountId: session.accountId, operation: `organizations:${operations[change.kind]}` };
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
