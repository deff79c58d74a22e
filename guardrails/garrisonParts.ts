/** Parts of Garrison of one kind: what must not be done to them, and what their ARNs look like. */
export interface PartKind {
  readonly service: string;
  /** Wildcards are short, and hold for what AWS adds; they reach these resources only. */
  readonly actions: readonly string[];
  /** `<region>:<account>:<resource>` of their ARNs. */
  readonly resources: readonly string[];
}

/**
 * What would silence, change or remove a part, for each kind of part that docs/architecture.md names. Reads, and what
 * keeps the parts at work (putting events, sending to a queue, invoking a function, writing a log), stay free.
 */
export const partKinds: readonly PartKind[] = [
  {
    service: 'cloudformation',
    actions: [
      'Cancel*',
      'Continue*',
      'Create*',
      'Delete*',
      'Execute*',
      'Import*',
      'Rollback*',
      'Set*',
      'Signal*',
      'Stop*',
      'Update*',
    ],
    resources: [
      '*:*:stack/garrison-*',
      '*:*:stack/StackSet-garrison-*',
      '*:*:stack/StackSet-organization-garrison-*',
      '*:*:stackset/garrison-*',
    ],
  },
  {
    service: 'cloudwatch',
    actions: ['DeleteAlarms', 'DisableAlarmActions', 'PutMetricAlarm', 'SetAlarmState'],
    resources: ['*:*:alarm:garrison-*'],
  },
  {
    service: 'dynamodb',
    // Items too: what was done, and who said so, is evidence.
    actions: ['BatchWriteItem', 'Delete*', 'PartiQLDelete', 'PartiQLInsert', 'PartiQLUpdate', 'Put*', 'Update*'],
    resources: ['*:*:table/garrison-*'],
  },
  {
    service: 'events',
    actions: [
      'Delete*',
      'DisableRule',
      'PutRule',
      'PutTargets',
      'RemoveTargets',
      'TagResource',
      'UntagResource',
      'Update*',
    ],
    // Rules of a bus stand below it: `rule/garrison/garrison-findings`.
    resources: ['*:*:rule/garrison-*', '*:*:rule/garrison/*', '*:*:event-bus/garrison'],
  },
  { service: 'kms', actions: ['DeleteAlias', 'UpdateAlias'], resources: ['*:*:alias/garrison*'] },
  {
    service: 'lambda',
    actions: ['AddPermission', 'CreateFunctionUrlConfig', 'Delete*', 'Put*', 'RemovePermission', 'Update*'],
    resources: ['*:*:function:garrison-*'],
  },
  {
    service: 'logs',
    actions: ['Delete*', 'PutDataProtectionPolicy', 'PutRetentionPolicy'],
    resources: ['*:*:log-group:/aws/lambda/garrison-*'],
  },
  // What lies here becomes code and templates: nobody else puts anything.
  { service: 's3', actions: ['Delete*', 'Put*'], resources: ['::garrison-assets-*'] },
  {
    service: 'sns',
    actions: ['AddPermission', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes', 'Unsubscribe'],
    resources: ['*:*:garrison-*'],
  },
  {
    service: 'sqs',
    actions: ['AddPermission', 'DeleteQueue', 'PurgeQueue', 'RemovePermission', 'SetQueueAttributes'],
    resources: ['*:*:garrison-*'],
  },
  // Putting a parameter stays free: whoever runs `garrison secret set` does so in a name of their own.
  { service: 'ssm', actions: ['DeleteParameter', 'DeleteParameters'], resources: ['*:*:parameter/garrison/*'] },
];

/** Changes to a role that would make it somebody else's tool, or of no use. Passing it would lend it to somebody's code. */
export const roleActions = [
  'AttachRolePolicy',
  'CreateRole',
  'DeleteRole*',
  'DetachRolePolicy',
  'PassRole',
  'PutRole*',
  'TagRole',
  'UntagRole',
  'UpdateAssumeRolePolicy',
  'UpdateRole*',
];

/** Changes to a policy, and so to whoever has it. */
export const policyActions = ['CreatePolicy*', 'DeletePolicy*', 'SetDefaultPolicyVersion', 'TagPolicy', 'UntagPolicy'];

/** Ways to become a user, or to take its place. */
export const userActions = [
  'CreateAccessKey',
  'CreateLoginProfile',
  'CreateUser',
  'DeactivateMFADevice',
  'UpdateAccessKey',
  'UpdateLoginProfile',
  'UpdateUser',
];

/** What takes a key out of service; held by its tag, as its id is not known beforehand. */
export const keyActions = [
  'DisableKey',
  'DisableKeyRotation',
  'PutKeyPolicy',
  'RevokeGrant',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
];
