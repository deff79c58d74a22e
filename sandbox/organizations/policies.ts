import {
  type CreatePolicyRequest,
  type DeletePolicyRequest,
  type DescribePolicyRequest,
  type DisablePolicyTypeRequest,
  type EnablePolicyTypeRequest,
  type ListPoliciesRequest,
  PolicyType,
  type UpdatePolicyRequest,
} from '@aws-sdk/client-organizations';
import type { CallContext, Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { describePolicy, describeRoot } from './describe';
import { constraint, invalidInput, organizationsError } from './errors';
import { newId } from './ids';
import { matching, oneOf, page, patterns, text } from './input';
import type { Organization, OrganizationsState, Policy } from './state';
import { checkPolicy } from './strangers';
import { checkedTags } from './tags';

/** Policies of one type that an organization may have. */
const policyLimit = 1_000;

const missing = "We can't find a policy with the PolicyId that you specified.";

/** @throws ServiceError `PolicyNotFoundException`, in the sentence that reads or that changes have */
export function policyOf(organization: Organization, id: string, sentence?: string): Policy {
  const policy = organization.policies.get(id);
  if (!policy) {
    throw organizationsError('PolicyNotFoundException', sentence);
  }
  return policy;
}

export function policyType(value: string | undefined): PolicyType {
  return oneOf(value, PolicyType, 'INVALID_ENUM_POLICY_TYPE');
}

function refuseDuplicate(organization: Organization, type: PolicyType, name: string, except?: Policy): void {
  const same = [...organization.policies.values()].filter((policy) => policy.type === type && policy !== except);
  if (same.some((policy) => policy.name === name)) {
    throw organizationsError('DuplicatePolicyException');
  }
  if (!except && same.length > policyLimit) {
    throw constraint('POLICY_NUMBER_LIMIT_EXCEEDED', 'You have exceeded the maximum number of policies.');
  }
}

function create(state: OrganizationsState): Handler {
  return (input: CreatePolicyRequest, context) => {
    const type = policyType(input.Type);
    const name = text(input.Name, 1, 128);
    const description = text(input.Description ?? '', 0, 512);
    const tags = checkedTags(input.Tags);
    const organization = asManagement(state, context, 'CreatePolicy');
    if (organization.featureSet !== 'ALL') {
      throw organizationsError('PolicyTypeNotAvailableForOrganizationException');
    }
    checkPolicy(context, type, input.Content);
    refuseDuplicate(organization, type, name);
    const policy: Policy = {
      id: newId.policy(),
      type,
      awsManaged: false,
      name,
      description,
      content: input.Content as string,
      tags,
    };
    organization.policies.set(policy.id, policy);
    return answer(state, organization, policy);
  };
}

function answer(state: OrganizationsState, organization: Organization, policy: Policy) {
  return { Policy: { PolicySummary: describePolicy(state, organization, policy), Content: policy.content } };
}

function refuseManaged(policy: Policy): void {
  if (policy.awsManaged) {
    throw invalidInput('IMMUTABLE_POLICY', 'You specified a policy that is managed by AWS and cannot be modified.');
  }
}

function update(state: OrganizationsState): Handler {
  return (input: UpdatePolicyRequest, context) => {
    const id = matching(input.PolicyId, patterns.policy);
    const organization = asManagement(state, context, 'UpdatePolicy');
    const policy = policyOf(organization, id, missing);
    refuseManaged(policy);
    if (input.Content !== undefined) {
      checkPolicy(context, policy.type, input.Content);
    }
    if (input.Name !== undefined) {
      refuseDuplicate(organization, policy.type, text(input.Name, 1, 128), policy);
    }
    policy.name = input.Name ?? policy.name;
    policy.description = text(input.Description ?? policy.description, 0, 512);
    policy.content = input.Content ?? policy.content;
    return answer(state, organization, policy);
  };
}

function remove(state: OrganizationsState): Handler {
  return (input: DeletePolicyRequest, context) => {
    const id = matching(input.PolicyId, patterns.policy);
    const organization = asManagement(state, context, 'DeletePolicy');
    refuseManaged(policyOf(organization, id, missing));
    if ([...organization.nodes.values()].some((node) => node.policies.has(id))) {
      throw organizationsError('PolicyInUseException');
    }
    organization.policies.delete(id);
  };
}

function rootOf(state: OrganizationsState, id: string | undefined, operation: string, context: CallContext) {
  const rootId = matching(id, patterns.root);
  const organization = asManagement(state, context, operation);
  if (organization.root.id !== rootId) {
    throw organizationsError('RootNotFoundException');
  }
  return organization;
}

function enableType(state: OrganizationsState): Handler {
  return (input: EnablePolicyTypeRequest, context) => {
    const type = policyType(input.PolicyType);
    const organization = rootOf(state, input.RootId, 'EnablePolicyType', context);
    if (organization.featureSet !== 'ALL') {
      throw organizationsError('PolicyTypeNotAvailableForOrganizationException');
    }
    if (organization.policyTypes.has(type)) {
      throw organizationsError('PolicyTypeAlreadyEnabledException');
    }
    organization.policyTypes.add(type);
    organization.serviceControlOff = type === 'SERVICE_CONTROL_POLICY' ? false : organization.serviceControlOff;
    return { Root: describeRoot(state, organization) };
  };
}

/** Detaches every policy of the type, as the service does; what AWS manages stays for the next time. */
function disableType(state: OrganizationsState): Handler {
  return (input: DisablePolicyTypeRequest, context) => {
    const type = policyType(input.PolicyType);
    const organization = rootOf(state, input.RootId, 'DisablePolicyType', context);
    if (!organization.policyTypes.delete(type)) {
      throw organizationsError('PolicyTypeNotEnabledException');
    }
    organization.serviceControlOff = type === 'SERVICE_CONTROL_POLICY' ? true : organization.serviceControlOff;
    for (const node of organization.nodes.values()) {
      for (const policy of [...organization.policies.values()].filter((each) => each.type === type)) {
        if (policy.awsManaged) {
          node.policies.add(policy.id);
        } else {
          node.policies.delete(policy.id);
        }
      }
    }
    return { Root: describeRoot(state, organization) };
  };
}

/** Policies and their types; what they are attached to is in `attachments.ts`. */
export function policyOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    CreatePolicy: create(state),
    UpdatePolicy: update(state),
    DeletePolicy: remove(state),
    DescribePolicy: (input: DescribePolicyRequest, context) => {
      const id = matching(input.PolicyId, patterns.policy);
      const organization = asReader(state, context, 'DescribePolicy');
      return answer(state, organization, policyOf(organization, id));
    },
    ListPolicies: (input: ListPoliciesRequest, context) => {
      const type = policyType(input.Filter);
      const organization = asReader(state, context, 'ListPolicies');
      const found = page(
        [...organization.policies.values()].filter((policy) => policy.type === type),
        input,
      );
      return {
        Policies: found.items.map((policy) => describePolicy(state, organization, policy)),
        NextToken: found.nextToken,
      };
    },
    EnablePolicyType: enableType(state),
    DisablePolicyType: disableType(state),
  };
}
