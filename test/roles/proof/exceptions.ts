import type { Unit } from './units';

/** Actions that the life cycle does not use, and why a role holds them all the same. */
export interface Exception {
  readonly role: RegExp;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    role: /^AWSCloudFormationStackSetExecutionRole/,
    sid: 'StackInstances',
    actions: ['cloudformation:DescribeStackResources', 'cloudformation:GetTemplate'],
    reason:
      'AWS asks for cloudformation:* in execution roles and does not say which calls StackSets makes: reads of our own stacks.',
  },
  {
    role: /^AWSCloudFormationStackSetExecutionRole/,
    sid: 'StackReads',
    actions: ['cloudformation:GetTemplateSummary'],
    reason: 'As above; it reads no more than the template that it is given.',
  },
  {
    role: /^GarrisonOperator$/,
    sid: 'Members',
    actions: ['guardduty:GetMembers'],
    reason: 'Asked while GuardDuty takes more than twelve seconds to verify the address of an invited account.',
  },
  {
    role: /^GarrisonOperator$/,
    sid: 'AlarmTopic',
    actions: ['sns:DeleteTopic'],
    reason: 'The policy that a topic has by default lets its account delete it: that it still has it is not relied on.',
  },
  {
    role: /^GarrisonOperator$/,
    sid: 'EmptyFindingsBucket',
    actions: ['s3:DeleteObject'],
    reason: 'S3 documents it as always needed for DeleteObjects, beside the permission for versions.',
  },
];

export function exceptionFor({ role, sid, action }: Pick<Unit, 'role' | 'sid' | 'action'>): Exception | undefined {
  return exceptions.find((one) => one.role.test(role) && one.sid === sid && one.actions.includes(action));
}
