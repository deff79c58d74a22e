import { randomUUID } from 'node:crypto';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { FollowUpBody } from '../../notifier/followUp';
import { memoryTable } from '../../notifier/state/memoryTable';
import type { AlertTable } from '../../notifier/state/table';
import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import { Records } from '../../responders/records';
import { respond } from '../../responders/respond';
import type { Response } from '../../responders/response';
import { newSessions } from '../../responders/sessions';
import type { RespondingSettings } from '../../responders/settings';
import type { Handled, Tools } from '../../responders/tools';
import { readTrigger, type Trigger } from '../../responders/trigger';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { responderStatements } from '../../stacks/responders/responderRoleTemplate';
import { respondingSettings } from '../../stacks/responders/settings';
import { managementId, securityId } from '../support/localOrganization';
import { memberId, region } from './responding';

interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** The responders' own code in this process, on real clients: for everything that can go wrong on the way. */
export class Local {
  readonly told: FollowUpBody[] = [];
  now = new Date();
  private readonly sessions;

  private constructor(
    readonly sandbox: RunningSandbox,
    readonly settings: RespondingSettings,
    private readonly member: ClientOptions['credentials'],
    readonly table: AlertTable,
  ) {
    this.sessions = newSessions(settings, 1);
  }

  /** @param responders YAML: the section's members, indented */
  static async start(responders: string): Promise<Local> {
    const accounts = [managementId, securityId, memberId].map((id) => ({ id, email: `aws+${id}@example.com` }));
    const sandbox = await createSandbox({ accounts, managementAccount: managementId, securityAccount: securityId });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_ACCESS_KEY_ID: sandbox.security.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.security.secretAccessKey,
    });
    const config = parseConfig(
      `managementAccount: "${managementId}"\nsecurityAccount: "${securityId}"\nhomeRegion: ${region}\nregions: [${region}]\nresponders:\n${responders}`,
    );
    const rows = accounts.map(({ id, email }) => `${id},${email}`).join('\n');
    const settings = respondingSettings(config, parseAccounts(`accountId,email\n${rows}\n`));
    const member = await credentialsIn(memberId, sandbox);
    const local = new Local(sandbox, settings, member, memoryTable());
    await local.allow(() => true);
    return local;
  }

  /** Plants the role, with those of its statements that are kept. */
  async allow(keep: (sid: string) => boolean): Promise<void> {
    const iam = this.client(IAMClient);
    const document = (Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
    const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${securityId}:root` }, Action: 'sts:AssumeRole' };
    const RoleName = 'GarrisonResponder';
    await iam
      .send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document([trust]) }))
      .catch((error: Error) => error.name);
    const statements = responderStatements(this.settings, { partition: 'aws', accountId: memberId });
    const kept = statements.filter(({ Sid }) => keep(Sid));
    const nothing = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };
    const PolicyDocument = document(kept.length > 0 ? kept : [nothing]);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'Responders', PolicyDocument }));
  }

  /** A client of somebody who may do everything in the member account. */
  client<C>(kind: new (options: ClientOptions) => C): C {
    return new kind({ region, endpoint: this.sandbox.endpoint, credentials: this.member });
  }

  tools(more: Partial<Tools> = {}): Tools {
    const table = more.table ?? this.table;
    return {
      settings: this.settings,
      table,
      records: new Records(table, 400),
      sessions: this.sessions,
      tell: async (body) => void this.told.push(body),
      log: () => undefined,
      now: () => this.now,
      remaining: () => 60_000,
      owner: randomUUID(),
      ...more,
    };
  }

  /** One delivery of the event. */
  respond(trigger: Trigger, more: Partial<Tools> = {}): Promise<Handled> {
    return respond(trigger, this.tools(more));
  }

  /** Deliveries of the event until it does not come again; so many at most. */
  async respondUntilDone(trigger: Trigger, most = 12): Promise<number> {
    for (let times = 1; times <= most; times += 1) {
      const handled = await this.respond(trigger);
      if (handled.kind === 'done') {
        return times;
      }
      this.now = new Date(this.now.getTime() + handled.seconds * 1_000);
    }
    throw new Error('it comes again and again');
  }

  /** Ids and texts of what was told about an event. */
  toldOf(trigger: Trigger): { id: string; text: string }[] {
    return this.told
      .filter(({ event }) => event === trigger.event || event.id === trigger.event.id)
      .map(({ followUp: { id, text } }) => ({ id, text }));
  }

  /** Successful calls of an operation since the last `clearCalls`. */
  count(operation: string): number {
    return this.sandbox
      .calls()
      .filter((call) => call.operation === operation && call.account === memberId)
      .reduce((sum, call) => sum + call.count - call.errors, 0);
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

async function credentialsIn(accountId: string, sandbox: RunningSandbox): Promise<ClientOptions['credentials']> {
  const sts = new STSClient({ region, endpoint: sandbox.endpoint, credentials: sandbox.management });
  const RoleArn = `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'somebody' }));
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  };
}

/** A call as the bus brings it, with the mark of the detection that fired. */
export function called(
  detection: string,
  service: string,
  eventName: string,
  requestParameters: object,
  responseElements: object | null = null,
): Trigger {
  const id = randomUUID();
  const detail = {
    eventID: id,
    eventSource: `${service}.amazonaws.com`,
    eventName,
    eventTime: new Date().toISOString(),
    awsRegion: region,
    recipientAccountId: memberId,
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${memberId}:user/eve` },
    requestParameters,
    responseElements,
  };
  const event = { id, source: `aws.${service}`, 'detail-type': 'AWS API Call via CloudTrail', detail };
  return readTrigger({ detection: { id: detection, title: detection, severity: 'high' }, event }, 'aws') as Trigger;
}

/** The record of the only response to an event. */
export async function recordOf(local: Local, trigger: Trigger): Promise<Response> {
  const [told] = local.toldOf(trigger);
  const id = told?.id.split(':')[1] ?? '';
  const found = await local.tools().records.get(id);
  if (!found) {
    throw new Error(`no record ${id}`);
  }
  return found.response;
}
