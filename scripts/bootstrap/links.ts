import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { observeStackSet } from '../../cloudformation';
import { csvText } from '../../organization/csvText';
import { explain } from '../../organization/failures';
import { domainOf, type Partition } from '../../organization/partitions';
import { stackTarget } from '../rollout/context';
import type { Bootstrap } from './work';

/** A link for one account, and whether its roles stand. */
export interface AccountLink {
  readonly accountId: string;
  readonly name?: string;
  readonly email: string;
  readonly link: string;
  /** `done`: the security account's stack sets have worked there. */
  readonly state: 'done' | 'open';
}

const stackName = 'garrison-execution';
const consoles: Readonly<Record<Partition, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Publishes the template and makes a link for every account that only its own administrators reach. */
export async function makeLinks(work: Bootstrap): Promise<AccountLink[]> {
  const { config, accounts } = work.files;
  const templateUrl = await publishTemplate(work);
  const done = await accountsDone(work);
  const link = quickCreateLink({ partition: config.partition, region: config.homeRegion, templateUrl });
  return accounts
    .filter(({ id }) => work.byMethod.links.includes(id))
    .map(({ id, name, email }) => ({
      accountId: id,
      ...(name === undefined ? {} : { name }),
      email,
      link,
      state: done.has(id) ? 'done' : 'open',
    }));
}

/** Opens CloudFormation's page for a new stack, filled in. Source: CloudFormation user guide, "Create quick-create links for stacks". */
function quickCreateLink(stack: {
  readonly partition: Partition;
  readonly region: string;
  readonly templateUrl: string;
}): string {
  const { partition, region, templateUrl } = stack;
  const values = `templateURL=${encodeURIComponent(templateUrl)}&stackName=${stackName}`;
  return `https://${region}.${consoles[partition]}/cloudformation/home?region=${region}#/stacks/create/review?${values}`;
}

/** Into the assets bucket, under a key made from its content: the bucket's policy lets these accounts read it. */
async function publishTemplate({ synthesis, session, files: { config } }: Bootstrap): Promise<string> {
  const { templateBody } = synthesis.of('garrison-execution-member').input;
  const digest = createHash('sha256').update(templateBody).digest('hex').slice(0, 16);
  const bucket = `garrison-assets-${config.securityAccount}-${config.homeRegion}`;
  const key = `links/${digest}/garrison-execution.template.json`;
  const client = session(config.securityAccount).client(S3Client, config.homeRegion);
  const object = { Bucket: bucket, Key: key };
  const stands = await client.send(new HeadObjectCommand(object)).then(
    () => true,
    () => false,
  );
  if (!stands) {
    try {
      await client.send(new PutObjectCommand({ ...object, Body: templateBody, ContentType: 'application/json' }));
    } catch (error) {
      throw explain(error, { accountId: config.securityAccount, operation: 's3:PutObject' });
    }
  }
  return `https://${bucket}.s3.${config.homeRegion}.${domainOf(config.partition)}/${key}`;
}

/** Accounts in which the member role was rolled out: that takes the execution role. */
async function accountsDone({ session, files: { config } }: Bootstrap): Promise<Set<string>> {
  const { client } = stackTarget(session(config.securityAccount), config.homeRegion);
  const { instances } = await observeStackSet('garrison-member-roles', client);
  return new Set(instances.filter(({ status }) => status === 'CURRENT').map(({ accountId }) => accountId));
}

/** Writes `links.csv` and `links.md`, the page to send round; answers their paths. */
export function writeLinks(directory: string, links: readonly AccountLink[]): string[] {
  mkdirSync(directory, { recursive: true });
  const rows = links.map(({ accountId, name = '', email, state, link }) => [accountId, name, email, state, link]);
  const files = [
    { path: join(directory, 'links.csv'), text: csvText([['accountId', 'name', 'email', 'state', 'link'], ...rows]) },
    { path: join(directory, 'links.md'), text: page(links) },
  ];
  for (const { path, text } of files) {
    writeFileSync(path, text);
  }
  return files.map(({ path }) => path);
}

function page(links: readonly AccountLink[]): string {
  const rows = links.map(
    ({ accountId, name = '', state, link }) =>
      `| ${accountId} | ${plain(name)} | ${state === 'done' ? 'done' : `[create the stack](${link})`} |`,
  );
  return `# Roles for Garrison

The security team watches this organization's accounts with GuardDuty. For that, each account below needs one
CloudFormation stack, \`${stackName}\`. It holds two IAM roles and nothing else. Who may use them, and for what, stands
in the template, which the link opens.

1. Sign in to the account, as somebody who may create IAM roles.
2. Open its link. Everything is filled in.
3. Tick the box which says that the stack creates IAM roles with names of their own, and choose **Create stack**.

| account | name | |
|---|---|---|
${rows.join('\n')}

Nothing has to be reported back: \`garrison bootstrap --links\` and \`garrison verify\` show who has done it.
`;
}

/** A name comes from a file: it must not break out of its cell. */
function plain(name: string): string {
  return name.replace(/[|\\[\]<>`\n]/g, ' ');
}
