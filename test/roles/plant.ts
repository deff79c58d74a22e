import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { RunningSandbox } from '../../sandbox';
import type { RoleResource } from '../stacks/templates';

/** What SDK clients take to reach the local organization. */
export interface ClientConfiguration {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** Clients of the management account's administrator. */
export function asManagement(sandbox: RunningSandbox): ClientConfiguration {
  return { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
}

/** Clients in the name of a role. Throws STS's refusal. */
export async function asRole(configuration: ClientConfiguration, roleArn: string): Promise<ClientConfiguration> {
  const answer = await new STSClient(configuration).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'test' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = answer.Credentials ?? {};
  return {
    ...configuration,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

/** Administrator's clients in any account, through the role that Organizations puts there. */
export async function asAdministrator(sandbox: RunningSandbox, accountId: string): Promise<ClientConfiguration> {
  const management = asManagement(sandbox);
  return accountId === '100000000001'
    ? management
    : asRole(management, `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`);
}

/** Creates a role as a template has it. */
export async function plantRole(
  role: RoleResource['Properties'],
  accountId: string,
  configuration: ClientConfiguration,
): Promise<string> {
  const iam = new IAMClient(configuration);
  const text = (document: unknown) => JSON.stringify(resolved(document, accountId));
  const answer = await iam.send(
    new CreateRoleCommand({
      RoleName: role.RoleName,
      Path: role.Path,
      AssumeRolePolicyDocument: text(role.AssumeRolePolicyDocument),
    }),
  );
  for (const policy of role.Policies ?? []) {
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: role.RoleName,
        PolicyName: policy.PolicyName,
        PolicyDocument: text(policy.PolicyDocument),
      }),
    );
  }
  return answer.Role?.Arn ?? '';
}

/** The few references that our role templates hold. */
export function resolved(value: unknown, accountId: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolved(item, accountId));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if ('Ref' in value) {
    return accountId;
  }
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => resolved(part, accountId)).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member, accountId)]));
}
