import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  type OrganizationsClient,
  type PolicyType,
  paginateListRoots,
  type Root,
  type Tag,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';

/** One call that changes policies of AWS Organizations. Plain data. */
export type PolicyCall =
  | { readonly operation: 'EnablePolicyType'; readonly rootId: string; readonly type: PolicyType }
  | {
      readonly operation: 'CreatePolicy';
      readonly type: PolicyType;
      readonly name: string;
      readonly description: string;
      readonly content: string;
      readonly tag: Tag;
    }
  | { readonly operation: 'UpdatePolicy'; readonly policyId: string; readonly content: string }
  | {
      readonly operation: 'AttachPolicy' | 'DetachPolicy';
      readonly policyId: string | undefined;
      readonly targetId: string;
    }
  | { readonly operation: 'DeletePolicy'; readonly policyId: string };

/** What a call finds where another run, or the try before an answer that was lost, was there first. */
const doneBefore: Readonly<Partial<Record<PolicyCall['operation'], RegExp>>> = {
  EnablePolicyType: /^PolicyTypeAlreadyEnabledException$/,
  AttachPolicy: /^DuplicatePolicyAttachmentException$/,
  DetachPolicy: /^(PolicyNotAttachedException|PolicyNotFoundException)$/,
  DeletePolicy: /^PolicyNotFoundException$/,
};

/**
 * Makes a call, and is content where that has been done before. Organizations takes one change at a time: while another is
 * under way, it is tried again.
 *
 * @returns the id of the policy that was created
 */
export async function callPolicy(client: OrganizationsClient, call: PolicyCall): Promise<string | undefined> {
  try {
    return await patiently(() => send(client, call));
  } catch (error) {
    if (doneBefore[call.operation]?.test((error as Error).name)) {
      return undefined;
    }
    throw error;
  }
}

async function send(client: OrganizationsClient, call: PolicyCall): Promise<string | undefined> {
  switch (call.operation) {
    case 'EnablePolicyType':
      await client.send(new EnablePolicyTypeCommand({ RootId: call.rootId, PolicyType: call.type }));
      return;
    case 'CreatePolicy': {
      const { name: Name, description: Description, content: Content, type: Type, tag } = call;
      const { Policy } = await client.send(
        new CreatePolicyCommand({ Name, Description, Content, Type, Tags: [{ ...tag }] }),
      );
      return Policy?.PolicySummary?.Id;
    }
    case 'UpdatePolicy':
      await client.send(new UpdatePolicyCommand({ PolicyId: call.policyId, Content: call.content }));
      return;
    case 'AttachPolicy':
      await client.send(new AttachPolicyCommand({ PolicyId: call.policyId, TargetId: call.targetId }));
      return;
    case 'DetachPolicy':
      await client.send(new DetachPolicyCommand({ PolicyId: call.policyId, TargetId: call.targetId }));
      return;
    case 'DeletePolicy':
      await client.send(new DeletePolicyCommand({ PolicyId: call.policyId }));
      return;
  }
}

/** Waits between tries, in milliseconds. */
export const policyWaits = [100, 200, 400, 800, 1_600, 3_200, 6_400];

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const wait of policyWaits) {
    try {
      return await work();
    } catch (error) {
      if ((error as Error).name !== 'ConcurrentModificationException') {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return work();
}

/** The organization's root. An organization has one. */
export async function readRoot(client: OrganizationsClient): Promise<Root> {
  for await (const { Roots: [root] = [] } of paginateListRoots({ client }, {})) {
    if (root) {
      return root;
    }
  }
  return {};
}

/** Whether policies of a type can be attached: it takes a while after it has been asked for. */
export function isTypeEnabled({ PolicyTypes = [] }: Root, type: PolicyType): boolean {
  return PolicyTypes.some(({ Type, Status }) => Type === type && Status === 'ENABLED');
}
