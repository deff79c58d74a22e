/** A template in JSON. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
}

type Properties = Readonly<Record<string, unknown>>;

const said = 'as an earlier release said it';
const statement = (Action: string) => ({
  Sid: 'Earlier',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action,
  Resource: '*',
  Condition: { StringEquals: { 'aws:PrincipalTag/earlier': 'yes' } },
});

interface Document {
  readonly Statement: readonly object[];
}

function adding(document: unknown, Action: string): object {
  const known = document as Document;
  return { ...known, Statement: [...known.Statement, statement(Action)] };
}

/** What may have differed before, of each type: every property that an update changes in place, and that we set. */
const before: Readonly<Record<string, (properties: Properties) => Properties>> = {
  'AWS::CloudFormation::StackSet': () => ({ Description: said }),
  'AWS::CloudWatch::Alarm': () => ({ AlarmDescription: said }),
  'AWS::DynamoDB::Table': ({ SSESpecification }) => ({
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
    TimeToLiveSpecification: undefined,
    // The record's own policy denies changes to everybody.
    ...(SSESpecification === undefined ? {} : { ResourcePolicy: undefined }),
  }),
  'AWS::Events::EventBus': () => ({ Description: said }),
  'AWS::Events::EventBusPolicy': ({ Statement }) => ({
    Statement: { ...(Statement as object), Action: 'events:PutEvents', Sid: 'Earlier' },
  }),
  'AWS::Events::Rule': ({ Targets = [] }) => {
    const targets = Targets as readonly object[];
    return { Description: said, Targets: [...targets, { ...targets[0], Id: 'Earlier' }] };
  },
  'AWS::GuardDuty::Detector': () => ({ Enable: false, Tags: [{ Key: 'garrison', Value: 'earlier' }] }),
  'AWS::IAM::Role': ({ AssumeRolePolicyDocument, Policies = [], Tags = [] }) => ({
    Description: said,
    AssumeRolePolicyDocument: trusting(AssumeRolePolicyDocument),
    Policies: [...(Policies as object[]), { PolicyName: 'Earlier', PolicyDocument: nothing }],
    Tags: [...(Tags as object[]), { Key: 'earlier', Value: 'yes' }],
  }),
  'AWS::KMS::Key': ({ KeyPolicy }) => ({
    Description: said,
    EnableKeyRotation: false,
    KeyPolicy: adding(KeyPolicy, 'kms:DescribeKey'),
  }),
  'AWS::Lambda::EventSourceMapping': ({ BatchSize }) => ({
    BatchSize: BatchSize === 1 ? 2 : 1,
    MaximumBatchingWindowInSeconds: 0,
  }),
  'AWS::Lambda::Function': ({ ReservedConcurrentExecutions }) => ({
    Description: said,
    Code: { ZipFile: 'exports.handler = async () => {};' },
    ...(ReservedConcurrentExecutions === undefined ? {} : { ReservedConcurrentExecutions: 3 }),
  }),
  'AWS::Lambda::Url': () => ({ Cors: { AllowOrigins: ['*'] } }),
  'AWS::Logs::LogGroup': () => ({ RetentionInDays: 1 }),
  'AWS::SNS::Topic': () => ({ DisplayName: said }),
  'AWS::SNS::TopicPolicy': ({ PolicyDocument }) => ({ PolicyDocument: adding(PolicyDocument, 'sns:Publish') }),
  'AWS::SQS::Queue': () => ({ MessageRetentionPeriod: 3_600 }),
  'AWS::SQS::QueuePolicy': ({ PolicyDocument }) => ({ PolicyDocument: adding(PolicyDocument, 'sqs:SendMessage') }),
};

const nothing = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' }],
};

function trusting(document: unknown): object {
  const { Statement, ...rest } = document as Document;
  return { ...rest, Statement: Statement.map((each, index) => ({ Sid: `Earlier${index}`, ...each })) };
}

/** A template of ours as an earlier release may have had it: the same resources, each with other properties. */
export function earlier({ Resources, ...rest }: Template): Template {
  const changed = Object.entries(Resources).map(([id, resource]) => {
    const { Properties = {} } = resource;
    const Changed = before[resource.Type]?.(Properties) ?? {};
    return [id, { ...resource, Properties: { ...Properties, ...Changed } }] as const;
  });
  return { ...rest, Resources: Object.fromEntries(changed) };
}
