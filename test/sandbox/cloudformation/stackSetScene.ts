import * as cfn from '@aws-sdk/client-cloudformation';
import { GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

export const management = '100000000000';
export const members = ['100000000001', '100000000002', '100000000003'];
export const suspended = '100000000009';
export const home = 'us-east-1';
export const administrationRole = 'AWSCloudFormationStackSetAdministrationRole';
export const executionRole = 'AWSCloudFormationStackSetExecutionRole';
export const detector = {
  Type: 'AWS::GuardDuty::Detector',
  Properties: { Enable: true, FindingPublishingFrequency: { Ref: 'Frequency' } },
};
export const TemplateBody = JSON.stringify({
  Parameters: { Frequency: { Type: 'String', Default: 'SIX_HOURS' } },
  Resources: { Detector: detector },
});

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export let sandbox: RunningSandbox;
export let client: cfn.CloudFormationClient;
export const settingsOf = (credentials: Keys, region = home) => ({ endpoint: sandbox.endpoint, region, credentials });

beforeAll(async () => {
  sandbox = await createSandbox({
    accounts: [
      { id: management, email: 'm@example.com' },
      ...members.map((id) => ({
        id,
        email: `${id}@example.com`,
        optedOutRegions: id === members[2] ? ['eu-west-3'] : [],
      })),
      { id: suspended, email: 's@example.com', status: 'SUSPENDED' as const },
    ],
  });
  client = new cfn.CloudFormationClient(settingsOf(sandbox.management));
  await makeRole(sandbox.management, administrationRole, { Service: 'cloudformation.amazonaws.com' });
  for (const id of members) {
    await makeRole(await keysOf(id), executionRole, { AWS: `arn:aws:iam::${management}:role/${administrationRole}` });
  }
});
afterAll(() => sandbox.close());

export async function keysOf(accountId: string): Promise<Keys> {
  const RoleArn = `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`;
  const sts = new STSClient(settingsOf(sandbox.management));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return {
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken,
  };
}

export async function makeRole(keys: Keys, RoleName: string, Principal: object): Promise<void> {
  const iam = new IAMClient(settingsOf(keys));
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
}

export const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

export const parallel: cfn.StackSetOperationPreferences = {
  RegionConcurrencyType: 'PARALLEL',
  MaxConcurrentPercentage: 100,
  FailureTolerancePercentage: 100,
  ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
};

export async function operation(
  StackSetName: string,
  OperationId: string | undefined,
  from = client,
  CallAs?: cfn.CallAs,
) {
  for (;;) {
    const answer = await from.send(new cfn.DescribeStackSetOperationCommand({ StackSetName, OperationId, CallAs }));
    if (!/RUNNING|QUEUED|STOPPING/.test(answer.StackSetOperation?.Status ?? '')) {
      return answer.StackSetOperation as cfn.StackSetOperation;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function createSet(
  StackSetName: string,
  more: Partial<cfn.CreateStackSetCommandInput> = {},
): Promise<string> {
  const { StackSetId } = await client.send(new cfn.CreateStackSetCommand({ StackSetName, TemplateBody, ...more }));
  return StackSetId as string;
}

export async function createInstances(
  StackSetName: string,
  Accounts: string[],
  Regions: string[],
  more: Partial<cfn.CreateStackInstancesCommandInput> = {},
) {
  const command = new cfn.CreateStackInstancesCommand({
    StackSetName,
    Accounts,
    Regions,
    OperationPreferences: parallel,
    ...more,
  });
  return operation(StackSetName, (await client.send(command)).OperationId);
}

export async function deleteInstances(
  StackSetName: string,
  Accounts: string[],
  Regions: string[],
  RetainStacks = false,
) {
  const command = new cfn.DeleteStackInstancesCommand({
    StackSetName,
    Accounts,
    Regions,
    RetainStacks,
    OperationPreferences: parallel,
  });
  return operation(StackSetName, (await client.send(command)).OperationId);
}

export async function instances(StackSetName: string, more: Partial<cfn.ListStackInstancesCommandInput> = {}) {
  return (await client.send(new cfn.ListStackInstancesCommand({ StackSetName, ...more }))).Summaries ?? [];
}

export async function results(StackSetName: string, OperationId: string | undefined) {
  const { Summaries = [] } = await client.send(
    new cfn.ListStackSetOperationResultsCommand({ StackSetName, OperationId }),
  );
  return Summaries;
}

export async function detectors(accountId: string, region: string): Promise<string[]> {
  const guardduty = new GuardDutyClient(settingsOf(await keysOf(accountId), region));
  return (await guardduty.send(new ListDetectorsCommand({}))).DetectorIds ?? [];
}
