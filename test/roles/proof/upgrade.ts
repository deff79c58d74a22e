import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  DescribeStackSetOperationCommand,
  ListStackSetOperationResultsCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { deployStack, publishAssets } from '../../../cloudformation';
import { loadFiles } from '../../../scripts/rollout/files';
import { synthesizeFor } from '../../../scripts/rollout/synthesis';
import { securityId, type TestOrganization } from '../../support/localOrganization';
import { asAdministrator, asRole, type ClientConfiguration } from '../plant';
import { earlier, type Template } from './earlierRelease';

const region = 'us-east-1';
const host = { emit: () => {} };

/**
 * What an earlier release left: its stacks, and instances of its stack sets in `cells`, put there by the operator as
 * `garrison apply` does it.
 */
export async function leaveEarlierRelease(
  { sandbox, files }: TestOrganization,
  cells: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const [, config = '', , accounts = ''] = files;
  const synthesis = await synthesizeFor(loadFiles({ config, accounts, json: false }));
  const operator = await asOperator(sandbox);
  const client = new CloudFormationClient(operator);
  const target = { accountId: securityId, region, client };
  const record = synthesis.of('garrison-record');
  await deployStack(
    { ...record.input, templateBody: text(earlier(JSON.parse(record.input.templateBody))) },
    target,
    host,
  );
  const { stack, input } = synthesis.of('garrison-security');
  const s3 = new S3Client({ ...operator, forcePathStyle: true });
  await publishAssets(stack.assets, { s3, host, place: { accountId: securityId, region } });
  const bucket = stack.assets[0]?.bucket ?? '';
  const put = async (key: string, template: Template) => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text(earlier(template)) }));
    return `https://s3.${region}.amazonaws.com/${bucket}/${key}`;
  };
  let templateBody = input.templateBody;
  for (const { path, key } of stack.assets.filter((asset) => asset.path.endsWith('.stackset.template.json'))) {
    await put(`earlier-${key}`, JSON.parse(readFileSync(path, 'utf8')));
    templateBody = templateBody.replaceAll(key, `earlier-${key}`);
  }
  const templateUrl = await put('earlier-security.json', JSON.parse(templateBody));
  await deployStack({ ...input, templateBody, templateUrl }, target, host);
  await createInstances(client, cells);
}

/**
 * Instances of stack sets, by their accounts.
 *
 * @throws Error with the reasons of instances that fail otherwise than expected
 */
export async function createInstances(
  client: CloudFormationClient,
  cells: Readonly<Record<string, readonly string[]>>,
  expected?: RegExp,
): Promise<void> {
  for (const [StackSetName, Accounts] of Object.entries(cells)) {
    const { OperationId } = await client.send(
      new CreateStackInstancesCommand({
        StackSetName,
        Accounts: [...Accounts],
        Regions: [region],
        OperationPreferences: everywhereAtOnce,
      }),
    );
    await succeeded(client, { StackSetName, OperationId }, expected);
  }
}

/** One failure does not keep the others from being tried. */
export const everywhereAtOnce = { MaxConcurrentPercentage: 100, FailureTolerancePercentage: 100 };

/** CloudFormation in the security account, as the operator. */
export async function operatorClient({ sandbox }: TestOrganization): Promise<CloudFormationClient> {
  return new CloudFormationClient(await asOperator(sandbox));
}

export async function asOperator(sandbox: TestOrganization['sandbox']): Promise<ClientConfiguration> {
  return asRole(await asAdministrator(sandbox, securityId), `arn:aws:iam::${securityId}:role/GarrisonOperator`);
}

function text(template: Template): string {
  return JSON.stringify(template);
}

/** Waits for an operation. @throws Error with the reasons of instances that fail otherwise than expected */
export async function succeeded(
  client: CloudFormationClient,
  operation: { readonly StackSetName: string; readonly OperationId: string | undefined },
  expected = /^$/,
): Promise<void> {
  for (;;) {
    const { StackSetOperation } = await client.send(new DescribeStackSetOperationCommand(operation));
    if (!['RUNNING', 'QUEUED', 'STOPPING'].includes(StackSetOperation?.Status ?? '')) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { Summaries = [] } = await client.send(new ListStackSetOperationResultsCommand(operation));
  const wrong = Summaries.filter(
    ({ Status, StatusReason = '' }) => Status !== 'SUCCEEDED' && !expected.test(StatusReason),
  );
  if (wrong.length > 0) {
    throw new Error(wrong.map(({ Account, StatusReason }) => `${Account}: ${StatusReason}`).join('\n'));
  }
}
