import { createHash } from 'node:crypto';
import type { ManagedPolicy } from './state';

interface Known {
  readonly name: string;
  readonly path?: string;
  readonly description: string;
  readonly statements: readonly object[];
  readonly version?: string;
}

function allow(actions: readonly string[], extra: object = {}): object {
  return { Effect: 'Allow', Action: actions, Resource: '*', ...extra };
}

const services = [
  'acm',
  'apigateway',
  'athena',
  'autoscaling',
  'cloudformation',
  'cloudfront',
  'cloudtrail',
  'cloudwatch',
  'codebuild',
  'codepipeline',
  'config',
  'dynamodb',
  'ec2',
  'ecr',
  'ecs',
  'eks',
  'elasticloadbalancing',
  'events',
  'firehose',
  'glue',
  'guardduty',
  'iam',
  'inspector2',
  'kinesis',
  'kms',
  'lambda',
  'logs',
  'organizations',
  'rds',
  'redshift',
  'route53',
  's3',
  'secretsmanager',
  'securityhub',
  'sns',
  'sqs',
  'ssm',
  'states',
  'sts',
  'tag',
  'waf',
  'wafv2',
  'account',
  'access-analyzer',
  'detective',
  'macie2',
  'ram',
  'servicequotas',
  'xray',
];

function reads(verbs: readonly string[]): string[] {
  return services.flatMap((service) => verbs.map((verb) => `${service}:${verb}*`));
}

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** AWS managed policies that rollouts name, in what they allow; of the widest the read actions go by their verbs. */
const known: readonly Known[] = [
  {
    name: 'AdministratorAccess',
    description: 'Provides full access to AWS services and resources.',
    statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
  {
    name: 'PowerUserAccess',
    description:
      'Provides full access to AWS services and resources, but does not allow management of Users and groups.',
    version: 'v6',
    statements: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow([
        'account:GetAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ]),
    ],
  },
  {
    name: 'ReadOnlyAccess',
    description: 'Provides read-only access to AWS services and resources.',
    version: 'v150',
    statements: [
      allow(
        reads([
          'Get',
          'List',
          'Describe',
          'BatchGet',
          'View',
          'Lookup',
          'Search',
          'Query',
          'Scan',
          'Filter',
          'Validate',
          'Simulate',
          'Receive',
        ]),
      ),
    ],
  },
  {
    name: 'SecurityAudit',
    description: 'The security audit template grants access to read security configuration metadata.',
    version: 'v60',
    statements: [
      allow(
        reads([
          'List',
          'Describe',
          'GetPolicy',
          'GetBucket',
          'GetAccount',
          'GetRole',
          'GetUser',
          'GetGroup',
          'GetCredentialReport',
          'GetTrail',
          'GetDetector',
          'GetFindings',
          'GetKeyPolicy',
          'GetFunction',
          'GetQueueAttributes',
          'GetTopicAttributes',
        ]),
      ),
    ],
  },
  {
    name: 'ViewOnlyAccess',
    path: '/job-function/',
    description: 'This policy grants permissions to view resources and basic metadata across all AWS services.',
    version: 'v20',
    statements: [allow(reads(['List', 'Describe']))],
  },
  {
    name: 'IAMFullAccess',
    description: 'Provides full access to IAM via the AWS Management Console.',
    version: 'v2',
    statements: [
      allow([
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ]),
    ],
  },
  {
    name: 'IAMReadOnlyAccess',
    description: 'Provides read only access to IAM via the AWS Management Console.',
    version: 'v4',
    statements: [
      allow([
        'iam:GenerateCredentialReport',
        'iam:GenerateServiceLastAccessedDetails',
        'iam:Get*',
        'iam:List*',
        'iam:SimulateCustomPolicy',
        'iam:SimulatePrincipalPolicy',
      ]),
    ],
  },
  {
    name: 'IAMUserChangePassword',
    description: 'Provides the ability for an IAM user to change their own password.',
    version: 'v2',
    statements: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, in AWS's own spelling
      { Effect: 'Allow', Action: ['iam:ChangePassword'], Resource: ['arn:aws:iam::*:user/${aws:username}'] },
      allow(['iam:GetAccountPasswordPolicy']),
    ],
  },
  {
    name: 'AmazonS3FullAccess',
    description: 'Provides full access to all buckets via the AWS Management Console.',
    version: 'v2',
    statements: [allow(['s3:*', 's3-object-lambda:*'])],
  },
  {
    name: 'AmazonS3ReadOnlyAccess',
    description: 'Provides read only access to all buckets via the AWS Management Console.',
    version: 'v3',
    statements: [allow(['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'])],
  },
  {
    name: 'AmazonEC2FullAccess',
    description: 'Provides full access to Amazon EC2 via the AWS Management Console.',
    version: 'v5',
    statements: [allow(['ec2:*', 'elasticloadbalancing:*', 'cloudwatch:*', 'autoscaling:*'])],
  },
  {
    name: 'AmazonEC2ReadOnlyAccess',
    description: 'Provides read only access to Amazon EC2 via the AWS Management Console.',
    version: 'v2',
    statements: [
      allow([
        'ec2:Describe*',
        'ec2:GetSecurityGroupsForVpc',
        'elasticloadbalancing:Describe*',
        'cloudwatch:ListMetrics',
        'cloudwatch:GetMetricStatistics',
        'cloudwatch:Describe*',
        'autoscaling:Describe*',
      ]),
    ],
  },
  {
    name: 'AmazonSQSFullAccess',
    description: 'Provides full access to Amazon SQS via the AWS Management Console.',
    statements: [allow(['sqs:*'])],
  },
  {
    name: 'AmazonSNSFullAccess',
    description: 'Provides full access to Amazon SNS via the AWS Management Console.',
    statements: [allow(['sns:*'])],
  },
  {
    name: 'AmazonDynamoDBFullAccess',
    description: 'Provides full access to Amazon DynamoDB via the AWS Management Console.',
    version: 'v15',
    statements: [allow(['dynamodb:*', 'dax:*'])],
  },
  {
    name: 'AmazonGuardDutyFullAccess',
    description: 'Provides full access to use Amazon GuardDuty.',
    version: 'v5',
    statements: [
      allow(['guardduty:*']),
      allow(['iam:CreateServiceLinkedRole'], {
        Condition: {
          StringLike: {
            'iam:AWSServiceName': ['guardduty.amazonaws.com', 'malware-protection.guardduty.amazonaws.com'],
          },
        },
      }),
      allow([
        'organizations:EnableAWSServiceAccess',
        'organizations:RegisterDelegatedAdministrator',
        'organizations:ListDelegatedAdministrators',
        'organizations:ListAWSServiceAccessForOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:ListAccounts',
      ]),
    ],
  },
  {
    name: 'AmazonGuardDutyReadOnlyAccess',
    description: 'Provide read only access to Amazon GuardDuty resources',
    version: 'v4',
    statements: [
      allow([
        'guardduty:Describe*',
        'guardduty:Get*',
        'guardduty:List*',
        'organizations:ListDelegatedAdministrators',
        'organizations:ListAWSServiceAccessForOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:ListAccounts',
      ]),
    ],
  },
  {
    name: 'AWSOrganizationsFullAccess',
    description: 'Provides full access to AWS Organizations.',
    version: 'v7',
    statements: [
      allow([
        'organizations:*',
        'account:PutAlternateContact',
        'account:GetAlternateContact',
        'account:GetContactInformation',
        'account:PutContactInformation',
        'account:ListRegions',
        'account:EnableRegion',
        'account:DisableRegion',
      ]),
    ],
  },
  {
    name: 'AWSOrganizationsReadOnlyAccess',
    description: 'Provides read-only access to AWS Organizations.',
    version: 'v5',
    statements: [
      allow([
        'organizations:Describe*',
        'organizations:List*',
        'account:GetAlternateContact',
        'account:GetContactInformation',
        'account:ListRegions',
        'account:GetRegionOptStatus',
      ]),
    ],
  },
  {
    name: 'AWSCloudFormationFullAccess',
    description: 'Provides full access to AWS CloudFormation.',
    statements: [allow(['cloudformation:*'])],
  },
  {
    name: 'AWSCloudFormationReadOnlyAccess',
    description: 'Provides access to AWS CloudFormation via the AWS Management Console.',
    version: 'v2',
    statements: [
      allow([
        'cloudformation:Describe*',
        'cloudformation:EstimateTemplateCost',
        'cloudformation:Get*',
        'cloudformation:List*',
        'cloudformation:ValidateTemplate',
        'cloudformation:Detect*',
      ]),
    ],
  },
  {
    name: 'AWSLambda_FullAccess',
    description:
      'Grants full access to AWS Lambda service, AWS Lambda console features, and other related AWS services.',
    version: 'v2',
    statements: [
      allow([
        'lambda:*',
        'logs:DescribeLogGroups',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:ListRoles',
      ]),
      allow(['iam:PassRole'], { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }),
    ],
  },
  {
    name: 'AWSLambdaBasicExecutionRole',
    path: '/service-role/',
    description: 'Provides write permissions to CloudWatch Logs.',
    statements: [allow(logs)],
  },
  {
    name: 'AWSLambdaSQSQueueExecutionRole',
    path: '/service-role/',
    description:
      'Provides receive message, delete message, and read attribute access to SQS queues, and write permissions to CloudWatch logs.',
    statements: [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...logs])],
  },
  {
    name: 'AWSLambdaVPCAccessExecutionRole',
    path: '/service-role/',
    description:
      'Provides minimum permissions for a Lambda function to execute while accessing a resource within a VPC.',
    version: 'v3',
    statements: [
      allow([
        ...logs,
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ]),
    ],
  },
  {
    name: 'AWSLambdaDynamoDBExecutionRole',
    path: '/service-role/',
    description: 'Provides list and read access to DynamoDB streams and write permissions to CloudWatch logs.',
    statements: [
      allow([
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        ...logs,
      ]),
    ],
  },
  {
    name: 'AWSConfigRole',
    path: '/service-role/',
    description: 'Default policy for AWS Config service role.',
    statements: [allow(reads(['Get', 'List', 'Describe']))],
  },
  {
    name: 'AWS_ConfigRole',
    path: '/service-role/',
    description: 'Default policy for AWS Config service role.',
    statements: [allow(reads(['Get', 'List', 'Describe']))],
  },
  {
    name: 'AmazonEC2RoleforSSM',
    path: '/service-role/',
    description: 'This policy will soon be deprecated. Please use AmazonSSMManagedInstanceCore policy.',
    statements: [allow(['ssm:*', 'ssmmessages:*', 'ec2messages:*'])],
  },
  {
    name: 'AmazonSSMManagedInstanceCore',
    description: 'The policy for Amazon EC2 Role to enable AWS Systems Manager service core functionality.',
    version: 'v2',
    statements: [
      allow([
        'ssm:DescribeAssociation',
        'ssm:GetDeployablePatchSnapshotForInstance',
        'ssm:GetDocument',
        'ssm:DescribeDocument',
        'ssm:GetManifest',
        'ssm:GetParameter',
        'ssm:GetParameters',
        'ssm:ListAssociations',
        'ssm:ListInstanceAssociations',
        'ssm:PutInventory',
        'ssm:PutComplianceItems',
        'ssm:PutConfigurePackageResult',
        'ssm:UpdateAssociationStatus',
        'ssm:UpdateInstanceAssociationStatus',
        'ssm:UpdateInstanceInformation',
        'ssmmessages:*',
        'ec2messages:*',
      ]),
    ],
  },
  {
    name: 'AmazonSSMReadOnlyAccess',
    description: 'Provides read only access to Amazon SSM.',
    statements: [allow(['ssm:Describe*', 'ssm:Get*', 'ssm:List*'])],
  },
  {
    name: 'CloudWatchLogsFullAccess',
    description: 'Provides full access to CloudWatch Logs',
    version: 'v2',
    statements: [allow(['logs:*', 'cloudwatch:GenerateQuery'])],
  },
  {
    name: 'CloudWatchReadOnlyAccess',
    description: 'Provides read only access to CloudWatch.',
    version: 'v10',
    statements: [
      allow([
        'cloudwatch:BatchGet*',
        'cloudwatch:Describe*',
        'cloudwatch:Get*',
        'cloudwatch:List*',
        'logs:Get*',
        'logs:List*',
        'logs:Describe*',
        'logs:FilterLogEvents',
        'sns:Get*',
        'sns:List*',
      ]),
    ],
  },
  {
    name: 'AmazonGuardDutyServiceRolePolicy',
    path: '/aws-service-role/',
    description: 'Enable access to AWS Resources used or managed by Amazon Guard Duty',
    version: 'v9',
    statements: [
      allow([
        'ec2:Describe*',
        'organizations:ListAccounts',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        's3:GetBucket*',
        's3:ListAllMyBuckets',
        'lambda:GetFunctionConfiguration',
        'lambda:ListTags',
      ]),
    ],
  },
  {
    name: 'AWSOrganizationsServiceTrustPolicy',
    path: '/aws-service-role/',
    description:
      'A policy to allow AWS Organizations to share trust with other approved AWS Services for the purpose of simplifying customer configuration.',
    version: 'v2',
    statements: [allow(['iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole'])],
  },
];

function policyOf(policy: Known, partition: string): ManagedPolicy {
  const path = policy.path ?? '/';
  const arn = `arn:${partition}:iam::aws:policy${path}${policy.name}`;
  const digest = createHash('sha256')
    .update(arn)
    .digest('hex')
    .toUpperCase()
    .replace(/[01289]/g, 'Z');
  const version = policy.version ?? 'v1';
  const createdAt = new Date('2015-02-06T18:39:46Z');
  const document = JSON.stringify({ Version: '2012-10-17', Statement: policy.statements });
  return {
    name: policy.name,
    path,
    arn,
    id: `ANPA${digest.slice(0, 17)}`,
    description: policy.description,
    createdAt,
    updatedAt: createdAt,
    versions: new Map([[version, { id: version, document, createdAt }]]),
    defaultVersion: version,
    nextVersion: Number(version.slice(1)) + 1,
    tags: new Map(),
  };
}

/** AWS's own policies, by ARN. */
export function awsManagedPolicies(partition: string): ReadonlyMap<string, ManagedPolicy> {
  return new Map(known.map((policy) => policyOf(policy, partition)).map((policy) => [policy.arn, policy]));
}
