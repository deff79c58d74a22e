import { writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateTagsCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ruleOf, wordsOf } from '../../responders/groups/rules';
import type { About } from '../../responders/records';
import type { Response } from '../../responders/response';
import { run } from '../../scripts/garrison';
import { requestUrlOutput } from '../../stacks/model';
import { managementId, securityId, startOrganization, type TestOrganization } from '../support/localOrganization';
import { newTrail } from './trail';

export const memberId = '100000000011';
export const region = 'us-east-1';

/** A message of the local Slack. */
export interface SlackPost {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly payload: { readonly text?: string; readonly blocks?: readonly Record<string, unknown>[] };
}

interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** The whole of Garrison on a local organization, rolled out by `bootstrap` and `apply`, with responders on. */
export class Responding {
  private constructor(
    readonly organization: TestOrganization,
    private readonly credentials: ClientOptions['credentials'],
  ) {}

  /** @param more YAML: the sections `detections` and `responders` */
  static async start(more: string): Promise<Responding> {
    const organization = await startOrganization(1, [region]);
    const { endpoint } = organization.sandbox;
    writeFileSync(
      organization.files[1] as string,
      `managementAccount: "${managementId}"\nsecurityAccount: "${securityId}"\nhomeRegion: ${region}\nregions: [${region}]\nguardduty: {route: invitation}
notifier: {slack: {botToken: {parameter: /garrison/slack/bot}, channel: C0ALERTS01, apiUrl: "${endpoint}/_slack/api"}}\n${more}`,
    );
    const security = { region, endpoint, credentials: organization.sandbox.security };
    await new SSMClient(security).send(
      new PutParameterCommand({ Name: '/garrison/slack/bot', Type: 'SecureString', Value: 'xoxb-garrison' }),
    );
    const sts = new STSClient({ region, endpoint, credentials: organization.sandbox.management });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${memberId}:role/OrganizationAccountAccessRole`,
        RoleSessionName: 'attacker',
      }),
    );
    const responding = new Responding(organization, {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    });
    const { signingSecret } = (await responding.slack('app')) as { signingSecret: string };
    await new SSMClient(security).send(
      new PutParameterCommand({ Name: '/garrison/slack/signing-secret', Type: 'SecureString', Value: signingSecret }),
    );
    await responding.roll('management', 'bootstrap');
    await responding.roll('security', 'apply', '--yes');
    return responding;
  }

  async roll(as: 'management' | 'security', ...args: string[]): Promise<void> {
    const { code, stderr, stdout } = await this.organization.garrison(as, ...args);
    if (code !== 0) {
      throw new Error(`garrison ${args.join(' ')}: ${code}\n${stdout}\n${stderr}`);
    }
  }

  /** The command with credentials of the member account. */
  async asMember(...args: string[]): Promise<{ code: number; stdout: string }> {
    const { accessKeyId, secretAccessKey, sessionToken } = this.credentials;
    Object.assign(process.env, {
      ...this.organization.environment('security'),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    });
    const stdout = new PassThrough();
    const io = { stdout, stderr: new PassThrough(), stdin: process.stdin, env: process.env };
    try {
      const code = await run([...args, ...this.organization.files], io);
      return { code, stdout: String(stdout.read() ?? '') };
    } finally {
      delete process.env.AWS_SESSION_TOKEN;
    }
  }

  /** A client of somebody who may do everything in the member account. */
  member<C>(kind: new (options: ClientOptions) => C): C {
    return new kind({ region, endpoint: this.organization.sandbox.endpoint, credentials: this.credentials });
  }

  security<C>(kind: new (options: ClientOptions) => C): C {
    const { endpoint, security } = this.organization.sandbox;
    return new kind({ region, endpoint, credentials: security });
  }

  async posts(): Promise<readonly SlackPost[]> {
    return (await (await fetch(`${this.organization.sandbox.endpoint}/_slack/messages`)).json()) as SlackPost[];
  }

  /** Records of responses, the latest first. */
  async responses(): Promise<Response[]> {
    const { Items = [] } = await this.security(DynamoDBClient).send(
      new ScanCommand({ TableName: 'garrison-responses', ConsistentRead: true }),
    );
    const all = Items.flatMap(({ response }) => (response?.S ? [JSON.parse(response.S) as Response] : []));
    return all.sort((one, other) => (one.at < other.at ? 1 : -1));
  }

  /** The response about a resource, once it stands as it should. */
  async response(resource: string, outcome?: string): Promise<Response> {
    return eventually(async () => {
      const found = (await this.responses()).find((each) => each.target.resource === resource);
      if (!found || (outcome === undefined ? found.outcome === 'open' : found.outcome !== outcome)) {
        throw new Error(`no response ${outcome ?? ''} about ${resource}: ${JSON.stringify(found)?.slice(0, 2_000)}`);
      }
      return found;
    });
  }

  /** The post in a thread, or the one by itself, that names a response. */
  async post(id: string, text: RegExp): Promise<SlackPost> {
    return eventually(async () => {
      const posts = await this.posts();
      const found = posts.find(
        (post) => JSON.stringify(post.payload).includes(id) && text.test(JSON.stringify(post.payload)),
      );
      if (!found) {
        throw new Error(`nothing posted about ${id} like ${text}: ${JSON.stringify(posts).slice(-3_000)}`);
      }
      return found;
    });
  }

  /** The event of a response, and the mark of the detection. */
  async about(id: string): Promise<About> {
    const { Item } = await this.security(DynamoDBClient).send(
      new GetItemCommand({ TableName: 'garrison-responses', Key: { id: { S: id } } }),
    );
    return JSON.parse(Item?.about?.S ?? '') as About;
  }

  /** Waits until nothing is on its way to the responders, but for what waits for a person. */
  async untilIdle(): Promise<void> {
    const QueueUrl = `${this.organization.sandbox.endpoint}/${securityId}/garrison-responses`;
    await eventually(async () => {
      const { Attributes } = await this.security(SQSClient).send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      if (Attributes?.ApproximateNumberOfMessages !== '0') {
        throw new Error('the queue is not empty');
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  async approvedImage(): Promise<string> {
    const { ImageId = '' } = await this.member(EC2Client).send(
      new RegisterImageCommand({ Name: `golden-${Date.now()}`, RootDeviceName: '/dev/xvda' }),
    );
    return ImageId;
  }

  async tag(ec2: EC2Client, resource: string, tags: Record<string, string>): Promise<void> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await ec2.send(new CreateTagsCommand({ Resources: [resource], Tags }));
  }

  /** A trail of the member account that logs, with data events of a bucket; gives its ARN. */
  async trail(bucket: string): Promise<string> {
    return newTrail(this.member(S3Client), this.member(CloudTrailClient), `trail-${Date.now()}`, {
      accountId: memberId,
      data: bucket,
    });
  }

  /** A finding of GuardDuty about an access key of the member account, as its administrator hears of it. */
  finding(type: string, accessKeyDetails: object, severity = 8): void {
    const now = new Date().toISOString();
    const detail = {
      schemaVersion: '2.0',
      accountId: memberId,
      region,
      partition: 'aws',
      id: `finding-${type}`,
      type,
      severity,
      title: type,
      description: type,
      createdAt: now,
      updatedAt: now,
      resource: { resourceType: 'AccessKey', accessKeyDetails },
      service: {
        serviceName: 'guardduty',
        detectorId: 'd',
        count: 1,
        archived: false,
        eventFirstSeen: now,
        eventLastSeen: now,
      },
    };
    this.organization.sandbox.world.emit(
      { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail },
      { accountId: securityId, region },
    );
  }

  /** Asks, or tells, the local Slack. */
  async slack(path: string, body?: object): Promise<unknown> {
    const address = `${this.organization.sandbox.endpoint}/_slack/${path}`;
    const answer = await fetch(address, body && { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }

  /** Somebody clicks a button of a question in Slack, which calls the deployed bot. */
  async click(response: string, action: 'approve' | 'decline', user: string): Promise<void> {
    const stacks = await this.security(CloudFormationClient).send(
      new DescribeStacksCommand({ StackName: 'garrison-security' }),
    );
    const outputs = stacks.Stacks?.[0]?.Outputs ?? [];
    const requestUrl = outputs.find(({ OutputKey }) => OutputKey === requestUrlOutput)?.OutputValue;
    await this.slack('app', { requestUrl });
    const { ts } = await this.post(response, /asks before it acts/);
    await this.slack('click', { user, ts, channel: 'C0ALERTS01', action_id: `respond_${action}`, value: response });
  }

  close(): Promise<void> {
    return this.organization.sandbox.close();
  }
}

/** The result of the first try that does not throw, within some seconds. */
export async function eventually<T>(attempt: () => Promise<T>, seconds = 12): Promise<T> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What a group lets in, in words. */
export async function ingressOf(ec2: EC2Client, group: string): Promise<string[]> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }),
  );
  return wordsOf(SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map(ruleOf));
}
