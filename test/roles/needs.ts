/** A call that a role has to be able to make, and what makes it. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** What the handlers of resource types call. Source: `handlers` in AWS's schemas of resource types, as far as our properties go. */
const handlers = {
  role: [
    'CreateRole',
    'PutRolePolicy',
    'GetRolePolicy',
    'GetRole',
    'ListAttachedRolePolicies',
    'ListRolePolicies',
  ].concat(
    ['UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription', 'TagRole', 'UntagRole'],
    ['DeleteRole', 'DeleteRolePolicy'],
  ),
  rule: ['PutRule', 'DescribeRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule', 'DeleteRule'].concat([
    'EnableRule',
    'DisableRule',
    'TagResource',
    'UntagResource',
    'ListTagsForResource',
  ]),
  detector: ['GetDetector', 'UpdateDetector', 'DeleteDetector', 'TagResource', 'UntagResource', 'ListTagsForResource'],
  stack: [
    'CreateStack',
    'UpdateStack',
    'DeleteStack',
    'DescribeStacks',
    'DescribeStackEvents',
    'DescribeStackResources',
  ].concat(['GetTemplate', 'DetectStackDrift', 'DetectStackResourceDrift', 'DescribeStackResourceDrifts']),
};

/** StackSets, working on the stack of an instance. */
export function stackInstanceNeeds(accountId: string, region: string): Need[] {
  const stack = `arn:aws:cloudformation:${region}:${accountId}:stack/StackSet-garrison-detectors-0a1b/2c3d`;
  return [
    ...all('cloudformation', handlers.stack, stack),
    ...all('cloudformation', ['DescribeStackDriftDetectionStatus', 'GetTemplateSummary'], '*'),
  ];
}

export function detectorNeeds(accountId: string, region: string): Need[] {
  const linked = (service: string, name: string) =>
    `arn:aws:iam::${accountId}:role/aws-service-role/${service}/${name}`;
  return [
    ...all('guardduty', ['CreateDetector', 'ListDetectors'], '*'),
    ...all('guardduty', handlers.detector, `arn:aws:guardduty:${region}:${accountId}:detector/12abc`),
    ...all(
      'iam',
      ['CreateServiceLinkedRole', 'GetRole'],
      linked('guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDuty'),
    ),
    ...all(
      'iam',
      ['CreateServiceLinkedRole', 'GetRole'],
      linked('malware-protection.guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDutyMalwareProtection'),
    ),
  ];
}

export function roleNeeds(accountId: string, name: string): Need[] {
  return all('iam', handlers.role, `arn:aws:iam::${accountId}:role/${name}`);
}

export function ruleNeeds(accountId: string, region: string): Need[] {
  return [
    ...all('events', handlers.rule, `arn:aws:events:${region}:${accountId}:rule/garrison-findings`),
    {
      action: 'iam:PassRole',
      resource: `arn:aws:iam::${accountId}:role/garrison-events`,
      context: { 'iam:PassedToService': 'events.amazonaws.com' },
    },
  ];
}

/** `garrison` in a member account: guardduty/ and organization/regions.ts. */
export function memberNeeds(accountId: string, region: string): Need[] {
  const detector = `arn:aws:guardduty:${region}:${accountId}:detector/12abc`;
  return [
    ...all('guardduty', ['ListDetectors', 'ListInvitations'], '*'),
    ...all(
      'guardduty',
      ['GetDetector', 'UpdateDetector', 'GetAdministratorAccount', 'AcceptAdministratorInvitation'],
      detector,
    ),
    ...all('guardduty', ['CreateSampleFindings', 'ListFindings'], detector),
    ...all('account', ['ListRegions'], '*'),
  ];
}

/**
 * Delegating GuardDuty's administration, in the management account. Source: GuardDuty user guide, "Permissions required
 * to designate a delegated GuardDuty administrator account".
 */
export function delegationNeeds(managementId: string): Need[] {
  const context = { 'aws:PrincipalAccount': managementId };
  const registering = { ...context, 'organizations:ServicePrincipal': 'guardduty.amazonaws.com' };
  return [
    ...all('guardduty', ['EnableOrganizationAdminAccount', 'ListOrganizationAdminAccounts'], '*', context),
    ...all(
      'organizations',
      [
        'DescribeOrganization',
        'DescribeOrganizationalUnit',
        'DescribeAccount',
        'ListAccounts',
        'ListAWSServiceAccessForOrganization',
        'ListDelegatedAdministrators',
      ],
      '*',
      context,
    ),
    ...all('organizations', ['EnableAWSServiceAccess', 'RegisterDelegatedAdministrator'], '*', registering),
  ];
}

/** Writing and attaching GuardDuty policies, in the management account. */
export function policyNeeds(managementId: string): Need[] {
  const here = { 'aws:PrincipalAccount': managementId };
  const ofType = { ...here, 'organizations:PolicyType': 'GUARDDUTY_POLICY' };
  const policy = `arn:aws:organizations::${managementId}:policy/o-exampleorgid/guardduty_policy/p-12345678`;
  const own = { ...ofType, 'aws:ResourceTag/garrison': 'policy' };
  return [
    ...all('organizations', ['ListRoots', 'ListOrganizationalUnitsForParent', 'ListTagsForResource'], '*', here),
    ...all('organizations', ['ListPolicies', 'EnablePolicyType'], '*', ofType),
    ...all('organizations', ['DescribePolicy', 'ListTargetsForPolicy', 'AttachPolicy', 'DetachPolicy'], policy, ofType),
    ...all('organizations', ['CreatePolicy'], '*', { ...ofType, 'aws:RequestTag/garrison': 'policy' }),
    ...all('organizations', ['TagResource'], '*', { ...here, 'aws:RequestTag/garrison': 'policy' }),
    ...all('organizations', ['UpdatePolicy', 'DeletePolicy'], policy, own),
  ];
}

/** The same for several actions of a service. */
export function all(
  service: string,
  actions: readonly string[],
  resource: string,
  context?: Readonly<Record<string, string>>,
): Need[] {
  return actions.map((action) => ({ action: `${service}:${action}`, resource, ...(context && { context }) }));
}
