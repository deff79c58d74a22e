import type { ServiceEntry } from './core/registry';

/**
 * Every service of the local organization, with the names under which clients sign. Each is loaded on first use,
 * the eager ones with the world.
 */
export const services: readonly ServiceEntry[] = [
  { names: ['iam'], eager: true, load: async () => (await import('./iam')).createIam },
  { names: ['organizations'], eager: true, load: async () => (await import('./organizations')).createOrganizations },
  { names: ['account'], load: async () => (await import('./account')).createAccount },
  {
    names: ['cloudformation'],
    httpPaths: ['_cloudformation'],
    load: async () => (await import('./cloudformation')).createCloudFormation,
  },
  { names: ['cloudtrail'], load: async () => (await import('./cloudtrail')).createCloudTrail },
  { names: ['sts'], httpPaths: ['_sts'], load: async () => (await import('./sts')).createSts },
  { names: ['ec2'], httpPaths: ['_ec2'], load: async () => (await import('./ec2')).createEc2 },
  { names: ['events'], load: async () => (await import('./eventbridge')).createEventBridge },
  { names: ['guardduty'], load: async () => (await import('./guardduty')).createGuardDuty },
  { names: ['kms'], load: async () => (await import('./kms')).createKms },
  { names: ['lambda'], httpPaths: ['_lambda'], load: async () => (await import('./lambda')).createLambda },
  { names: ['logs'], load: async () => (await import('./logs')).createLogs },
  { names: ['s3'], load: async () => (await import('./s3')).createS3 },
  { names: ['slack'], httpPaths: ['_slack'], load: async () => (await import('./slack')).createSlack },
  { names: ['sqs'], load: async () => (await import('./sqs')).createSqs },
  { names: ['ssm'], load: async () => (await import('./ssm')).createSsm },
  { names: ['dynamodb'], load: async () => (await import('./dynamodb')).createDynamoDb },
  { names: ['sns'], httpPaths: ['_sns'], load: async () => (await import('./sns')).createSns },
  { names: ['ecr'], load: async () => (await import('./ecr')).createEcr },
  { names: ['secretsmanager'], load: async () => (await import('./secretsmanager')).createSecretsManager },
  { names: ['monitoring'], load: async () => (await import('./cloudwatch')).createCloudWatch },
];
