import {
  type DescribeEffectivePolicyRequest,
  EffectivePolicyType,
  type ListAccountsWithInvalidEffectivePolicyRequest,
  type ListEffectivePolicyValidationErrorsRequest,
  type PutResourcePolicyRequest,
} from '@aws-sdk/client-organizations';
import type { CallContext, Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { invalidInput, organizationsError } from './errors';
import { newId } from './ids';
import { effectivePolicy } from './inheritance';
import { matching, oneOf, page, patterns, text } from './input';
import type { Organization, OrganizationsState } from './state';
import { checkedTags } from './tags';
import { documentsByLevel } from './view';

function describeEffective(state: OrganizationsState): Handler {
  return (input: DescribeEffectivePolicyRequest, context) => {
    const type = oneOf(input.PolicyType, EffectivePolicyType, 'INVALID_ENUM_POLICY_TYPE');
    const other = input.TargetId !== undefined && input.TargetId !== context.accountId;
    const organization = other ? asReader(state, context, 'DescribeEffectivePolicy') : state.required(context);
    const id = input.TargetId === undefined ? context.accountId : matching(input.TargetId, patterns.target);
    if (!organization.nodes.has(id)) {
      throw organizationsError('TargetNotFoundException');
    }
    const levels = documentsByLevel(organization, id, type);
    const content = organization.policyTypes.has(type) ? effectivePolicy(levels) : undefined;
    if (content === undefined) {
      throw organizationsError('EffectivePolicyNotFoundException');
    }
    return {
      EffectivePolicy: {
        PolicyContent: content,
        LastUpdatedTimestamp: state.now(),
        TargetId: id,
        PolicyType: type,
      },
    };
  };
}

function putResourcePolicy(state: OrganizationsState): Handler {
  return (input: PutResourcePolicyRequest, context) => {
    const content = text(input.Content, 1, 40_000);
    const tags = checkedTags(input.Tags);
    const organization = ownedBy(state, context);
    try {
      JSON.parse(content);
    } catch {
      throw invalidInput('INVALID_RESOURCE_POLICY_JSON', 'You provided a resource policy that is not valid JSON.');
    }
    const standing = organization.resourcePolicy;
    if (standing && tags.size > 0) {
      throw invalidInput(
        'UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED',
        'You cannot change the tags of a resource policy with this operation.',
      );
    }
    organization.resourcePolicy = standing ?? { id: newId.resourcePolicy(), content, tags };
    organization.resourcePolicy.content = content;
    return { ResourcePolicy: describeResourcePolicy(state, organization) };
  };
}

/** The resource policy is the management account's alone: it cannot be delegated by itself. */
function ownedBy(state: OrganizationsState, context: CallContext): Organization {
  const organization = state.required(context);
  if (organization.managementAccountId !== context.accountId) {
    throw organizationsError('AccessDeniedException');
  }
  return organization;
}

function describeResourcePolicy(state: OrganizationsState, organization: Organization) {
  const policy = organization.resourcePolicy;
  if (!policy) {
    throw organizationsError('ResourcePolicyNotFoundException');
  }
  return {
    ResourcePolicySummary: {
      Id: policy.id,
      Arn: state.arn(organization, `resourcepolicy/${organization.id}/${policy.id}`),
    },
    Content: policy.content,
  };
}

/** Effective policies, and the policy on the organization itself. */
export function effectiveOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    DescribeEffectivePolicy: describeEffective(state),
    // Documents are checked when they come, so none is in force that would not be valid.
    ListAccountsWithInvalidEffectivePolicy: (input: ListAccountsWithInvalidEffectivePolicyRequest, context) => {
      const type = oneOf(input.PolicyType, EffectivePolicyType, 'INVALID_ENUM_POLICY_TYPE');
      asReader(state, context, 'ListAccountsWithInvalidEffectivePolicy');
      return { Accounts: page([], input).items, PolicyType: type };
    },
    ListEffectivePolicyValidationErrors: (input: ListEffectivePolicyValidationErrorsRequest, context) => {
      const type = oneOf(input.PolicyType, EffectivePolicyType, 'INVALID_ENUM_POLICY_TYPE');
      const id = matching(input.AccountId, patterns.account);
      const organization = asReader(state, context, 'ListEffectivePolicyValidationErrors');
      if (!organization.nodes.has(id)) {
        throw organizationsError('AccountNotFoundException');
      }
      return {
        AccountId: id,
        PolicyType: type,
        EvaluationTimestamp: state.now(),
        EffectivePolicyValidationErrors: page([], input).items,
      };
    },
    PutResourcePolicy: putResourcePolicy(state),
    DescribeResourcePolicy: (_input: unknown, context) => ({
      ResourcePolicy: describeResourcePolicy(state, asManagement(state, context, 'DescribeResourcePolicy')),
    }),
    DeleteResourcePolicy: (_input: unknown, context) => {
      const organization = ownedBy(state, context);
      describeResourcePolicy(state, organization);
      organization.resourcePolicy = undefined;
    },
  };
}
