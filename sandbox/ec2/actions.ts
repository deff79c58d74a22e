import type { CallContext } from '../core/service';
import type { Cell } from './state';

/** A member of an input that names resources. */
export interface Named {
  /** Dotted: lists on the way are walked through. */
  readonly member: string;
  /** Type in ARNs; told by the id unless given. */
  readonly type?: string;
  /** Condition keys of their own. */
  readonly keys?: (cell: Cell, id: string, context: CallContext) => Record<string, string | readonly string[]>;
}

interface Action {
  readonly on: readonly Named[];
  /** Types of what the call makes. */
  readonly makes?: readonly string[];
}

const member = (name: string, type?: string): Named => ({ member: name, type });

const group = member('GroupId', 'security-group');
const groupRules: Action = { on: [group] };

/** Operations whose permission can be narrowed to resources; all others are asked about `*`. */
export const actions: Readonly<Record<string, Action>> = {
  CreateTags: { on: [member('Resources')] },
  DeleteTags: { on: [member('Resources')] },
  CreateVpc: { on: [], makes: ['vpc'] },
  DeleteVpc: { on: [member('VpcId', 'vpc')] },
  ModifyVpcAttribute: { on: [member('VpcId', 'vpc')] },
  DescribeVpcAttribute: { on: [member('VpcId', 'vpc')] },
  CreateSubnet: { on: [member('VpcId', 'vpc')], makes: ['subnet'] },
  DeleteSubnet: { on: [member('SubnetId', 'subnet')] },
  ModifySubnetAttribute: { on: [member('SubnetId', 'subnet')] },
  CreateSecurityGroup: { on: [member('VpcId', 'vpc')], makes: ['security-group'] },
  DeleteSecurityGroup: groupRules,
  AuthorizeSecurityGroupIngress: groupRules,
  AuthorizeSecurityGroupEgress: groupRules,
  RevokeSecurityGroupIngress: groupRules,
  RevokeSecurityGroupEgress: groupRules,
  UpdateSecurityGroupRuleDescriptionsIngress: groupRules,
  UpdateSecurityGroupRuleDescriptionsEgress: groupRules,
  ModifySecurityGroupRules: {
    on: [group, member('SecurityGroupRules.SecurityGroupRuleId', 'security-group-rule')],
  },
  CreateManagedPrefixList: { on: [], makes: ['prefix-list'] },
  ModifyManagedPrefixList: { on: [member('PrefixListId', 'prefix-list')] },
  RestoreManagedPrefixListVersion: { on: [member('PrefixListId', 'prefix-list')] },
  DeleteManagedPrefixList: { on: [member('PrefixListId', 'prefix-list')] },
  GetManagedPrefixListEntries: { on: [member('PrefixListId', 'prefix-list')] },
  GetManagedPrefixListAssociations: { on: [member('PrefixListId', 'prefix-list')] },
};
