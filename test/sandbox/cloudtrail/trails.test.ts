import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  type CreateTrailCommandInput,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { EnableAWSServiceAccessCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const [management, member] = ['100000000001', '100000000002'];
let sandbox: RunningSandbox;

const configuration = (credentials: object = sandbox.management, region = 'us-east-1') => ({
  endpoint: sandbox.endpoint,
  region,
  credentials: credentials as never,
  forcePathStyle: true,
});

beforeAll(async () => {
  const accounts = [management, member].map((id) => ({ id, email: `root+${id}@example.com` }));
  sandbox = await createSandbox({ accounts });
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

async function newBucket(Bucket: string, trusting = true): Promise<void> {
  const s3 = new S3Client(configuration());
  await s3.send(new CreateBucketCommand({ Bucket }));
  const service = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } };
  const Statement = [
    { ...service, Action: 's3:GetBucketAcl', Resource: `arn:aws:s3:::${Bucket}` },
    { ...service, Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*` },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  if (trusting) {
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  }
}

const at = (region?: string, credentials?: object) => new CloudTrailClient(configuration(credentials, region));

async function create(more: Partial<CreateTrailCommandInput> = {}, client = at()) {
  return client.send(new CreateTrailCommand({ Name: 'watch', S3BucketName: 'logs', ...more }));
}

test('a trail is made, switched on and off, and its status says so', async () => {
  await newBucket('logs');
  const made = await create({ IsMultiRegionTrail: true, TagsList: [{ Key: 'a', Value: '1' }] });
  expect(made).toMatchObject({
    Name: 'watch',
    TrailARN: `arn:aws:cloudtrail:us-east-1:${management}:trail/watch`,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
  });
  const status = () => at().send(new GetTrailStatusCommand({ Name: 'watch' }));
  expect(await status()).toMatchObject({ IsLogging: false, TimeLoggingStarted: '' });
  await at().send(new StartLoggingCommand({ Name: made.TrailARN }));
  expect(await status()).toMatchObject({ IsLogging: true, StartLoggingTime: expect.any(Date) });
  await at().send(new StopLoggingCommand({ Name: 'watch' }));
  expect(await status()).toMatchObject({ IsLogging: false, StopLoggingTime: expect.any(Date) });
  await at().send(new AddTagsCommand({ ResourceId: made.TrailARN, TagsList: [{ Key: 'b', Value: '2' }] }));
  const { ResourceTagList } = await at().send(new ListTagsCommand({ ResourceIdList: [made.TrailARN ?? ''] }));
  expect(ResourceTagList?.[0]?.TagsList).toEqual([
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ]);
  const { trailList } = await at('eu-west-1').send(new DescribeTrailsCommand({}));
  expect(trailList).toEqual([expect.objectContaining({ Name: 'watch', HomeRegion: 'us-east-1' })]);
  const stop = (Name?: string) => at('eu-west-1').send(new StopLoggingCommand({ Name }));
  await expect(stop(made.TrailARN)).rejects.toMatchObject({ name: 'InvalidHomeRegionException' });
  await expect(stop('watch')).rejects.toMatchObject({
    name: 'TrailNotFoundException',
    message: `Unknown trail: arn:aws:cloudtrail:eu-west-1:${management}:trail/watch for the user: ${management}`,
  });
  await at().send(new DeleteTrailCommand({ Name: 'watch' }));
  await expect(at().send(new GetTrailCommand({ Name: 'watch' }))).rejects.toMatchObject({
    message: `Unknown trail: watch for the user: ${management}`,
  });
});

test.each<[string, Partial<CreateTrailCommandInput>, string, string]>([
  [
    'a bucket that is not there',
    { S3BucketName: 'nobodys' },
    'S3BucketDoesNotExistException',
    'S3 bucket nobodys does not exist!',
  ],
  [
    'a bucket that does not let it in',
    { S3BucketName: 'closed' },
    'InsufficientS3BucketPolicyException',
    'Incorrect S3 bucket policy is detected for bucket: closed',
  ],
  [
    'a name too short',
    { Name: 'x' },
    'InvalidTrailNameException',
    'Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.',
  ],
  [
    'a name that is taken',
    { Name: 'first' },
    'TrailAlreadyExistsException',
    `Trail first already exists for customer: ${management}`,
  ],
  [
    'regions without global services',
    { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
    'InvalidParameterCombinationException',
    'Multi-Region trail must include global service events.',
  ],
  [
    'a topic that is not there',
    { SnsTopicName: 'none' },
    'InsufficientSnsTopicPolicyException',
    'SNS Topic does not exist or the topic policy is incorrect!',
  ],
])('%s is refused', async (_what, more, name, message) => {
  await newBucket('logs');
  await newBucket('closed', false);
  await create({ Name: 'first' });
  await expect(create(more)).rejects.toMatchObject({ name, message });
  const { trailList } = await at().send(new DescribeTrailsCommand({}));
  expect(trailList).toHaveLength(1);
});

test('selectors are kept as they are put, one kind at a time', async () => {
  await newBucket('logs');
  await create();
  const get = () => at().send(new GetEventSelectorsCommand({ TrailName: 'watch' }));
  expect((await get()).EventSelectors).toEqual([
    { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
  ]);
  const FieldSelectors = [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
  ];
  await at().send(new PutEventSelectorsCommand({ TrailName: 'watch', AdvancedEventSelectors: [{ FieldSelectors }] }));
  expect(await get()).toMatchObject({ AdvancedEventSelectors: [{ FieldSelectors }] });
  expect((await get()).EventSelectors).toBeUndefined();
  expect((await at().send(new GetTrailCommand({ Name: 'watch' }))).Trail?.HasCustomEventSelectors).toBe(true);
  const bad = [{ FieldSelectors: [{ Field: 'colour', Equals: ['red'] }] }];
  await expect(
    at().send(new PutEventSelectorsCommand({ TrailName: 'watch', AdvancedEventSelectors: bad })),
  ).rejects.toMatchObject({ name: 'InvalidEventSelectorsException' });
  await expect(at().send(new GetInsightSelectorsCommand({ TrailName: 'watch' }))).rejects.toMatchObject({
    name: 'InsightNotEnabledException',
  });
});

test('an organization’s trail is seen by its members, and changed by the management account alone', async () => {
  await newBucket('logs');
  const organization = { IsOrganizationTrail: true, IsMultiRegionTrail: true };
  await expect(create(organization)).rejects.toMatchObject({ name: 'CloudTrailAccessNotEnabledException' });
  const ServicePrincipal = 'cloudtrail.amazonaws.com';
  const organizations = new OrganizationsClient(configuration());
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal }));
  const { TrailARN } = await create(organization);
  const input = { RoleArn: `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`, RoleSessionName: 'test' };
  const { Credentials } = await new STSClient(configuration()).send(new AssumeRoleCommand(input));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  const inMember = at('us-east-1', {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  });
  const { trailList } = await inMember.send(new DescribeTrailsCommand({}));
  expect(trailList).toEqual([expect.objectContaining({ TrailARN, IsOrganizationTrail: true })]);
  for (const command of [
    new StopLoggingCommand({ Name: TrailARN }),
    new DeleteTrailCommand({ Name: TrailARN }),
    new UpdateTrailCommand({ Name: TrailARN, S3BucketName: 'mine' }),
  ]) {
    await expect(inMember.send(command as StopLoggingCommand)).rejects.toMatchObject({
      name: 'NotOrganizationMasterAccountException',
    });
  }
  await expect(create(organization, inMember)).rejects.toMatchObject({ name: 'NotOrganizationMasterAccountException' });
});

test('a stack has a trail', async () => {
  await newBucket('logs');
  const cloudformation = new CloudFormationClient(configuration());
  const Properties = {
    TrailName: 'stacked',
    S3BucketName: 'logs',
    IsLogging: true,
    EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }],
  };
  const TemplateBody = JSON.stringify({
    Resources: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Trail', 'Arn'] } } },
  });
  await cloudformation.send(new CreateStackCommand({ StackName: 'trail', TemplateBody }));
  await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 10, minDelay: 1 }, { StackName: 'trail' });
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'trail' }));
  const arn = Stacks?.[0]?.Outputs?.[0]?.OutputValue;
  expect(arn).toBe(`arn:aws:cloudtrail:us-east-1:${management}:trail/stacked`);
  expect(await at().send(new GetTrailStatusCommand({ Name: arn }))).toMatchObject({ IsLogging: true });
});
