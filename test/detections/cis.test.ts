import { catalog } from '../../detections/catalog';
import { exactCloudWatch } from '../../detections/compile/cloudwatch';
import { underTrial } from '../../detections/trial';
import { maximumFilterPatternLength, parseFilterPattern } from '../../patterns/cloudwatchLogs';

type Clause = readonly [field: string, operator: '=' | '!=', value: string];

const source = (service: string): Clause => ['eventSource', '=', `${service}.amazonaws.com`];
const events = (names: string): Clause[] => names.split(' ').map((name) => ['eventName', '=', name]);

/** What auditors' tools look for in a filter, in whatever order it stands there: facts of CIS and of Prowler's checks. */
const demands: Readonly<Record<string, readonly Clause[]>> = {
  'unauthorized-calls': [
    ['errorCode', '=', '*UnauthorizedOperation'],
    ['errorCode', '=', 'AccessDenied*'],
  ],
  'sign-in-without-mfa': [...events('ConsoleLogin'), ['additionalEventData.MFAUsed', '!=', 'Yes']],
  'root-activity': [
    ['userIdentity.type', '=', 'Root'],
    ['eventType', '!=', 'AwsServiceEvent'],
  ],
  'iam-policy-changed': events(
    'DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy AttachGroupPolicy DetachGroupPolicy',
  ),
  'trail-changed': events('CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging'),
  'failed-sign-ins': [...events('ConsoleLogin'), ['errorMessage', '=', 'Failed authentication']],
  'kms-key-disabled': [source('kms'), ...events('DisableKey ScheduleKeyDeletion')],
  's3-bucket-policy-changed': [
    source('s3'),
    ...events(
      'PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication',
    ),
  ],
  'config-stopped': [
    source('config'),
    ...events('StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder'),
  ],
  'security-group-changed': events(
    'AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup ModifySecurityGroupRules',
  ),
  'network-acl-changed': events(
    'CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry ReplaceNetworkAclAssociation',
  ),
  'gateway-changed': events(
    'CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway',
  ),
  'route-table-changed': [
    source('ec2'),
    ...events(
      'CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute DisassociateRouteTable',
    ),
  ],
  'vpc-changed': events(
    'CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink',
  ),
  'organization-changed': [
    source('organizations'),
    ...events(
      'AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy UpdateOrganizationalUnit CancelHandshake CreateOrganization EnableAllFeatures',
    ),
  ],
};

function clausesOf(pattern: string): string[] {
  return [...pattern.matchAll(/\$\.([\w.]+)\s*(!?=)\s*(?:"([^"]*)"|([^\s()]+))/g)].map(
    ([, field, operator, quoted, bare]) => `${field} ${operator} ${quoted ?? bare}`,
  );
}

/** Letter by letter, as Security Hub's guide has them today. */
const securityHub: Readonly<Record<string, string>> = {
  'CloudWatch.1':
    '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  'CloudWatch.2': '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
  'CloudWatch.3':
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  'CloudWatch.4': `{($.eventSource=iam.amazonaws.com) && (${chain('iam-policy-changed')})}`,
  'CloudWatch.5': `{${chain('trail-changed')}}`,
  'CloudWatch.6': '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
  'CloudWatch.7': `{($.eventSource=kms.amazonaws.com) && (${chain('kms-key-disabled')})}`,
  'CloudWatch.8': `{($.eventSource=s3.amazonaws.com) && (${chain('s3-bucket-policy-changed')})}`,
  'CloudWatch.9': `{($.eventSource=config.amazonaws.com) && (${chain('config-stopped')})}`,
  'CloudWatch.10': `{${chain('security-group-changed', 'ModifySecurityGroupRules')}}`,
  'CloudWatch.11': `{${chain('network-acl-changed')}}`,
  'CloudWatch.12': `{${chain('gateway-changed')}}`,
  'CloudWatch.13': `{($.eventSource=ec2.amazonaws.com) && (${chain('route-table-changed')})}`,
  'CloudWatch.14': `{${chain('vpc-changed')}}`,
};

function chain(id: string, without?: string): string {
  return (demands[id] ?? [])
    .filter(([field, , value]) => field === 'eventName' && value !== without)
    .map(([, , value]) => `($.eventName=${value})`)
    .join(' || ');
}

const exact = catalog.flatMap(({ id, exact: filters = [] }) => filters.map((filter) => ({ id, ...filter })));

test.each(Object.entries(demands))('an exact filter of %s has every clause that is looked for', (id, clauses) => {
  const wanted = clauses.map((clause) => clause.join(' '));
  const passing = exact.filter(({ id: own, pattern }) => {
    const found = new Set(own === id ? clausesOf(pattern) : []);
    return wanted.every((clause) => found.has(clause));
  });
  expect(passing.length).toBeGreaterThan(0);
});

test.each(Object.entries(securityHub))('%s is as Security Hub prescribes it', (control, pattern) => {
  expect(exact.filter((filter) => filter.control === control).map((filter) => filter.pattern)).toEqual([pattern]);
});

test('every recommendation of every version has a detection with an exact filter', () => {
  const covered = new Set(catalog.filter((detection) => detection.exact).flatMap(({ references }) => references.cis));
  for (const [versions, section, count] of [
    [['1.2'], 3, 14],
    [['1.4', '1.5', '2.0', '3.0', '4.0.1', '5.0'], 4, 15],
    [['6.0', '7.0'], 5, 15],
  ] as const) {
    for (const version of versions) {
      for (let number = 1; number <= count; number += 1) {
        expect(covered).toContain(`${version}:${section}.${number}`);
      }
    }
  }
});

test('exact filters are valid, fit, and go to the metric and alarm that the remediation describes', () => {
  for (const detection of catalog) {
    const rules = exactCloudWatch(underTrial(detection), { logGroupName: 'trail', topicArn: 'arn:topic' });
    for (const { filters, alarm } of rules) {
      const [{ filterPattern = '', metricTransformations } = {}] = filters;
      expect(() => parseFilterPattern(filterPattern)).not.toThrow();
      expect(filterPattern.length).toBeLessThanOrEqual(maximumFilterPatternLength);
      expect(metricTransformations).toEqual([
        expect.objectContaining({ metricNamespace: 'LogMetrics', metricValue: '1', defaultValue: 0 }),
      ]);
      expect(alarm).toMatchObject({
        Namespace: 'LogMetrics',
        Statistic: 'Sum',
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        AlarmActions: ['arn:topic'],
      });
    }
  }
});
