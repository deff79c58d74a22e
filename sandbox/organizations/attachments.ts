import type {
  AttachPolicyRequest,
  DetachPolicyRequest,
  ListPoliciesForTargetRequest,
  ListTargetsForPolicyRequest,
  PolicyType,
} from '@aws-sdk/client-organizations';
import type { Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { describePolicy, describeTarget } from './describe';
import { constraint, organizationsError } from './errors';
import { matching, page, patterns } from './input';
import { policyOf, policyType } from './policies';
import type { Node, Organization, OrganizationsState, Policy } from './state';
import { inForce } from './view';

/** Policies of one type that may hang directly on one target. */
const attachmentLimits: Partial<Record<PolicyType, number>> = {
  SERVICE_CONTROL_POLICY: 10,
  RESOURCE_CONTROL_POLICY: 5,
  AISERVICES_OPT_OUT_POLICY: 5,
  CHATBOT_POLICY: 5,
};
const usualLimit = 10;

/** Of these, a target always keeps one. */
const neverWithout: readonly PolicyType[] = ['SERVICE_CONTROL_POLICY'];

function target(organization: Organization, id: string): Node {
  const node = organization.nodes.get(id);
  if (!node) {
    throw organizationsError('TargetNotFoundException');
  }
  return node;
}

function attached(organization: Organization, node: Node, type: PolicyType): Policy[] {
  return [...node.policies].flatMap((id) => {
    const policy = organization.policies.get(id);
    return policy?.type === type ? [policy] : [];
  });
}

/** Control policies hang ready before their type is enabled, as the ones of AWS do; the others need it. */
function requireType(organization: Organization, type: PolicyType): void {
  if (type !== 'RESOURCE_CONTROL_POLICY' && !inForce(organization, type)) {
    throw organizationsError('PolicyTypeNotEnabledException');
  }
}

function attach(state: OrganizationsState): Handler {
  return (input: AttachPolicyRequest, context) => {
    const policyId = matching(input.PolicyId, patterns.policy);
    const targetId = matching(input.TargetId, patterns.target);
    const organization = asManagement(state, context, 'AttachPolicy');
    const policy = policyOf(organization, policyId);
    const node = target(organization, targetId);
    requireType(organization, policy.type);
    if (node.policies.has(policyId)) {
      throw organizationsError('DuplicatePolicyAttachmentException');
    }
    const limit = attachmentLimits[policy.type] ?? usualLimit;
    if (attached(organization, node, policy.type).length >= limit) {
      throw constraint(
        'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
        'You have exceeded the maximum number of policies of this type that can be attached to the target.',
      );
    }
    node.policies.add(policyId);
  };
}

function detach(state: OrganizationsState): Handler {
  return (input: DetachPolicyRequest, context) => {
    const policyId = matching(input.PolicyId, patterns.policy);
    const targetId = matching(input.TargetId, patterns.target);
    const organization = asManagement(state, context, 'DetachPolicy');
    const policy = policyOf(organization, policyId);
    const node = target(organization, targetId);
    if (!node.policies.has(policyId)) {
      throw organizationsError('PolicyNotAttachedException');
    }
    if (neverWithout.includes(policy.type) && attached(organization, node, policy.type).length === 1) {
      throw constraint(
        'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
        'You cannot remove the last policy of the specified type from the target.',
      );
    }
    node.policies.delete(policyId);
  };
}

/** What policies hang on, and on what policies hang. */
export function attachmentOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    AttachPolicy: attach(state),
    DetachPolicy: detach(state),
    ListPoliciesForTarget: (input: ListPoliciesForTargetRequest, context) => {
      const type = policyType(input.Filter);
      const id = matching(input.TargetId, patterns.target);
      const organization = asReader(state, context, 'ListPoliciesForTarget');
      const found = page(attached(organization, target(organization, id), type), input);
      return {
        Policies: found.items.map((policy) => describePolicy(state, organization, policy)),
        NextToken: found.nextToken,
      };
    },
    ListTargetsForPolicy: (input: ListTargetsForPolicyRequest, context) => {
      const id = matching(input.PolicyId, patterns.policy);
      const organization = asReader(state, context, 'ListTargetsForPolicy');
      policyOf(organization, id);
      const found = page(
        [...organization.nodes.values()].filter((node) => node.policies.has(id)),
        input,
      );
      return {
        Targets: found.items.map((node) => describeTarget(state, organization, node)),
        NextToken: found.nextToken,
      };
    },
  };
}
