/** A CloudFormation template, as far as roles and what their policies refer to go. */
export interface RoleTemplate {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/** Where a template is deployed. */
export interface Deployment {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

/** A statement of a role's own policies. */
export interface RoleStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A role of Garrison's as it stands in an account. */
export interface DeployedRole {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly statements: readonly RoleStatement[];
  /** Managed policies, whose statements a template does not hold. */
  readonly managedPolicies: readonly string[];
}

/** The roles of a template with all policies that stand in it, references filled in. Pure. */
export function rolesIn(template: RoleTemplate, deployment: Deployment): DeployedRole[] {
  const attached = managedStatements(template, deployment);
  return Object.values(template.Resources ?? {}).flatMap(({ Type, Properties = {} }) => {
    if (Type !== 'AWS::IAM::Role') {
      return [];
    }
    const properties = resolved(Properties, template, deployment) as {
      RoleName: string;
      Path?: string;
      Policies?: { PolicyDocument: { Statement: RoleStatement | RoleStatement[] } }[];
      ManagedPolicyArns?: string[];
    };
    const { RoleName: name, Path = '/', Policies = [], ManagedPolicyArns: managedPolicies = [] } = properties;
    const { partition, accountId, region } = deployment;
    const arn = `arn:${partition}:iam::${accountId}:role${Path}${name}`;
    return [
      {
        name,
        arn,
        accountId,
        region,
        statements: [
          ...Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
          ...attached.filter(({ roles }) => roles.includes(arn)).flatMap(({ statements }) => statements),
        ],
        managedPolicies,
      },
    ];
  });
}

/** Managed policies of the template, with the ARNs of the roles that they are attached to. */
function managedStatements(template: RoleTemplate, deployment: Deployment) {
  return Object.values(template.Resources ?? {}).flatMap(({ Type, Properties = {} }) => {
    if (Type !== 'AWS::IAM::ManagedPolicy') {
      return [];
    }
    const { Roles: roles = [], PolicyDocument } = resolved(Properties, template, deployment) as {
      Roles?: string[];
      PolicyDocument: { Statement: RoleStatement | RoleStatement[] };
    };
    return [{ roles, statements: [PolicyDocument.Statement].flat() }];
  });
}

/** CloudFormation's functions, as far as role policies use them. What they refer to gets the ARN that it will have. */
function resolved(value: unknown, template: RoleTemplate, deployment: Deployment): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolved(item, template, deployment));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (typeof Ref === 'string') {
    return pseudo(Ref, deployment) ?? arnOf(Ref, template, deployment);
  }
  if (Array.isArray(join)) {
    const [separator, parts] = resolved(join, template, deployment) as [string, string[]];
    return parts.join(separator);
  }
  if (Array.isArray(attribute)) {
    return arnOf(String(attribute[0]), template, deployment);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolved(member, template, deployment)]),
  );
}

function pseudo(name: string, { partition, accountId, region }: Deployment): string | undefined {
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': partition,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
  return values[name];
}

/** `<service>` and `<resource>` of ARNs, by type: what a name makes of it. */
const arnForms: Readonly<Record<string, readonly [service: string, nameProperty: string, prefix: string]>> = {
  'AWS::SQS::Queue': ['sqs', 'QueueName', ''],
  'AWS::SNS::Topic': ['sns', 'TopicName', ''],
  'AWS::DynamoDB::Table': ['dynamodb', 'TableName', 'table/'],
  'AWS::DynamoDB::GlobalTable': ['dynamodb', 'TableName', 'table/'],
  'AWS::Lambda::Function': ['lambda', 'FunctionName', 'function:'],
  'AWS::Logs::LogGroup': ['logs', 'LogGroupName', 'log-group:'],
  'AWS::Events::EventBus': ['events', 'Name', 'event-bus/'],
  'AWS::Events::Rule': ['events', 'Name', 'rule/'],
  'AWS::KMS::Key': ['kms', '', 'key/'],
};

function arnOf(logicalId: string, template: RoleTemplate, deployment: Deployment): string {
  const { partition, accountId, region } = deployment;
  const resource = template.Resources?.[logicalId];
  if (resource?.Type === 'AWS::IAM::Role') {
    const { Path = '/', RoleName } = resource.Properties as { Path?: string; RoleName?: string };
    return `arn:${partition}:iam::${accountId}:role${Path}${RoleName ?? logicalId}`;
  }
  const form = arnForms[resource?.Type ?? ''];
  if (!form) {
    return '*';
  }
  const [service, property, prefix] = form;
  const name = resource?.Properties?.[property];
  return `arn:${partition}:${service}:${region}:${accountId}:${prefix}${typeof name === 'string' ? name : 'example'}`;
}
