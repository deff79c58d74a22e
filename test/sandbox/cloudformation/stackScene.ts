import * as cfn from '@aws-sdk/client-cloudformation';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

export const accountId = '111111111111';
/** The world of the test file that runs. */
export let sandbox: RunningSandbox;
export let client: cfn.CloudFormationClient;
export let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: accountId, email: 'a@example.com' }] });
  settings = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
  client = new cfn.CloudFormationClient(settings);
});
afterAll(() => sandbox.close());

export const body = (template: object) => JSON.stringify(template);
export const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
});
export const parameter = (value: unknown, properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value: value, ...properties },
  ...more,
});

/** A parameter of a type that Parameter Store refuses: its creation fails. */
export const broken = (more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'Wrong', Value: 'x' },
  ...more,
});

export async function stack(name: string): Promise<cfn.Stack> {
  const { Stacks } = await client.send(new cfn.DescribeStacksCommand({ StackName: name }));
  return Stacks?.[0] as cfn.Stack;
}

export async function settled(name: string): Promise<cfn.Stack> {
  for (;;) {
    const found = await stack(name);
    if (!/IN_PROGRESS$/.test(found.StackStatus ?? '') || found.StackStatus === 'REVIEW_IN_PROGRESS') {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

type More = Partial<cfn.CreateStackCommandInput>;

export async function create(
  name: string,
  resources: object,
  more: More & { template?: object } = {},
): Promise<cfn.Stack> {
  const { template, ...input } = more;
  const TemplateBody = body({ Resources: resources, ...template });
  const { StackId } = await client.send(new cfn.CreateStackCommand({ StackName: name, TemplateBody, ...input }));
  return settled(StackId as string);
}

export async function update(
  name: string,
  resources: object,
  more: Partial<cfn.UpdateStackCommandInput> & { template?: object } = {},
) {
  const { template, ...input } = more;
  const TemplateBody = body({ Resources: resources, ...template });
  await client.send(new cfn.UpdateStackCommand({ StackName: name, TemplateBody, ...input }));
  return settled(name);
}

export async function remove(name: string): Promise<cfn.Stack> {
  const { StackId } = await stack(name);
  await client.send(new cfn.DeleteStackCommand({ StackName: name }));
  await sandbox.world.idle();
  return stack(StackId as string);
}

export async function events(name: string): Promise<string[]> {
  const { StackEvents = [] } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: name }));
  return StackEvents.map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`).reverse();
}

export async function physicalId(name: string, id: string): Promise<string> {
  const command = new cfn.DescribeStackResourceCommand({ StackName: name, LogicalResourceId: id });
  const { StackResourceDetail } = await client.send(command);
  return StackResourceDetail?.PhysicalResourceId as string;
}

export const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );
