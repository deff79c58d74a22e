// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so do templates write variables.
import * as cfn from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { functionOf, manyResources } from './manyResources';
import {
  accountId,
  body,
  broken,
  client,
  create,
  events,
  parameter,
  physicalId,
  queue,
  refusal,
  remove,
  sandbox,
  settings,
  settled,
  stack,
  update,
} from './stackScene';

test('a stack is created, shows its outputs, and goes', async () => {
  const resources = {
    Dead: queue(),
    Main: queue({
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: '3' },
      VisibilityTimeout: '45',
    }),
  };
  const Outputs = {
    Url: { Value: { Ref: 'Main' }, Description: 'where' },
    Name: { Value: { 'Fn::GetAtt': 'Main.QueueName' } },
  };
  const made = await create('first', resources, {
    template: { Outputs, Description: 'two queues' },
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect(made).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    Description: 'two queues',
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  expect(made.StackId).toMatch(/^arn:aws:cloudformation:us-east-1:111111111111:stack\/first\/[0-9a-f-]{36}$/);
  const url = made.Outputs?.find((output) => output.OutputKey === 'Url')?.OutputValue as string;
  expect(url).toMatch(/\/first-Main-[A-Za-z0-9]{12}$/);
  const sqs = new SQSClient(settings);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ VisibilityTimeout: '45' });
  const history = await events('first');
  expect(history[0]).toBe('first CREATE_IN_PROGRESS');
  expect(history.indexOf('Dead CREATE_COMPLETE')).toBeLessThan(history.indexOf('Main CREATE_IN_PROGRESS'));
  expect(history.at(-1)).toBe('first CREATE_COMPLETE');
  expect((await remove('first')).StackStatus).toBe('DELETE_COMPLETE');
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'first-' }));
  expect(QueueUrls).toEqual([]);
  expect(await refusal(stack('first'))).toBe('ValidationError: Stack with id first does not exist');
});

test('requests that make no sense are refused with the words of CloudFormation', async () => {
  const TemplateBody = body({ Resources: { Q: queue() } });
  const attempt = (input: Partial<cfn.CreateStackCommandInput>) =>
    refusal(client.send(new cfn.CreateStackCommand({ StackName: 'bad', TemplateBody, ...input })));
  expect(await attempt({ StackName: '1 a' })).toBe(
    "ValidationError: 1 validation error detected: Value '1 a' at 'stackName' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*',
  );
  expect(await attempt({ TemplateBody: undefined })).toBe(
    'ValidationError: Either Template URL or Template Body must be specified.',
  );
  expect(await attempt({ TemplateBody: body({ Resources: { A: { Type: 'AWS::Foo::Bar' } } }) })).toBe(
    'ValidationError: Template format error: Unrecognized resource types: [AWS::Foo::Bar]',
  );
  const role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r', AssumeRolePolicyDocument: {} } };
  expect(await attempt({ TemplateBody: body({ Resources: { R: role } }) })).toBe(
    'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
  );
  expect(
    await attempt({
      TemplateBody: `{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}},"Description":"${'x'.repeat(52_000)}"}`,
    }),
  ).toMatch(/at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200$/);
  expect(await attempt({ RoleARN: 'arn:aws:iam::111111111111:role/nobody' })).toBe(
    'ValidationError: Role arn:aws:iam::111111111111:role/nobody is invalid or cannot be assumed',
  );
  expect(await attempt({ DisableRollback: true, OnFailure: 'DELETE' })).toMatch(/^ValidationError/);
  expect(await refusal(client.send(new cfn.UpdateStackCommand({ StackName: 'bad', TemplateBody })))).toBe(
    'ValidationError: Stack [bad] does not exist',
  );
  expect(await refusal(client.send(new cfn.DeleteStackCommand({ StackName: 'bad' })))).toBe('accepted');
});

test('a name can be taken once, and asking again with the same token is no second request', async () => {
  const TemplateBody = body({ Resources: { Q: queue() } });
  const input = { StackName: 'once', TemplateBody, ClientRequestToken: 'token-1' };
  const first = await client.send(new cfn.CreateStackCommand(input));
  expect((await client.send(new cfn.CreateStackCommand(input))).StackId).toBe(first.StackId);
  await settled('once');
  expect(await refusal(client.send(new cfn.CreateStackCommand({ ...input, ClientRequestToken: undefined })))).toBe(
    'AlreadyExistsException: Stack [once] already exists',
  );
});

test('a creation that fails is rolled back, kept or deleted, as asked', async () => {
  const resources = { A: queue(), B: broken({ DependsOn: 'A' }) };
  const rolledBack = await create('fails', resources);
  expect(rolledBack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const history = await events('fails');
  expect(history).toEqual(
    expect.arrayContaining(['B CREATE_FAILED', 'fails ROLLBACK_IN_PROGRESS', 'A DELETE_COMPLETE']),
  );
  const { StackEvents = [] } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'fails' }));
  expect(StackEvents.find((event) => event.ResourceStatus === 'ROLLBACK_IN_PROGRESS')?.ResourceStatusReason).toBe(
    'The following resource(s) failed to create: [B]. Rollback requested by user.',
  );
  expect(StackEvents.find((event) => event.ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(
    /^Resource handler returned message: ".*" \(RequestToken: .*, HandlerErrorCode: \w+\)$/,
  );
  const again = client.send(
    new cfn.UpdateStackCommand({ StackName: 'fails', TemplateBody: body({ Resources: resources }) }),
  );
  expect(await refusal(again)).toMatch(
    /^ValidationError: Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/,
  );
  const kept = await create('fails-kept', resources, { OnFailure: 'DO_NOTHING' });
  expect(kept.StackStatus).toBe('CREATE_FAILED');
  await client.send(new cfn.RollbackStackCommand({ StackName: 'fails-kept' }));
  expect((await settled('fails-kept')).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await create('fails-gone', resources, { OnFailure: 'DELETE' })).StackStatus).toBe('DELETE_COMPLETE');
});

test('an update changes what differs, replaces what must be, and removes what is gone', async () => {
  await create('changes', {
    Kept: queue(),
    Changed: queue({ DelaySeconds: 1 }),
    Renamed: parameter('1', { Name: '/one' }),
    Gone: queue(),
  });
  const before = await physicalId('changes', 'Changed');
  const after = {
    Kept: queue(),
    Changed: queue({ DelaySeconds: 2 }),
    Renamed: parameter('1', { Name: '/two' }),
    New: queue(),
  };
  expect((await update('changes', after)).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await physicalId('changes', 'Changed')).toBe(before);
  expect(await physicalId('changes', 'Renamed')).toBe('/two');
  const ssm = new SSMClient(settings);
  expect(await refusal(ssm.send(new GetParameterCommand({ Name: '/one' })))).toMatch(/^ParameterNotFound/);
  const history = await events('changes');
  expect(history.filter((event) => event.startsWith('Kept'))).toEqual([
    'Kept CREATE_IN_PROGRESS',
    'Kept CREATE_IN_PROGRESS',
    'Kept CREATE_COMPLETE',
  ]);
  expect(history.indexOf('changes UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')).toBeLessThan(
    history.indexOf('Gone DELETE_COMPLETE'),
  );
  const same = client.send(new cfn.UpdateStackCommand({ StackName: 'changes', UsePreviousTemplate: true }));
  expect(await refusal(same)).toBe('ValidationError: No updates are to be performed.');
});

test('an update that fails is taken back', async () => {
  await create('back', { Changed: queue({ DelaySeconds: 1 }), Renamed: parameter('1', { Name: '/before' }) });
  const changes = {
    Changed: queue({ DelaySeconds: 9 }),
    Renamed: parameter('1', { Name: '/after' }),
    New: queue(),
    Bad: broken({ DependsOn: ['Changed', 'Renamed', 'New'] }),
  };
  const failed = await update('back', changes);
  expect(failed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await physicalId('back', 'Renamed')).toBe('/before');
  const { StackResources = [] } = await client.send(new cfn.DescribeStackResourcesCommand({ StackName: 'back' }));
  expect(StackResources.map((each) => each.LogicalResourceId).sort()).toEqual(['Changed', 'Renamed']);
  const QueueUrl = await physicalId('back', 'Changed');
  const { Attributes } = await new SQSClient(settings).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes?.DelaySeconds).toBe('1');
  expect(await refusal(new SSMClient(settings).send(new GetParameterCommand({ Name: '/after' })))).toMatch(
    /^ParameterNotFound/,
  );
  expect(await events('back')).toEqual(
    expect.arrayContaining(['Bad CREATE_FAILED', 'back UPDATE_ROLLBACK_IN_PROGRESS', 'New DELETE_COMPLETE']),
  );
});

test('exports are imported, and neither changed nor removed while they are', async () => {
  const exporting = (value: string) => ({ Outputs: { O: { Value: value, Export: { Name: 'shared' } } } });
  await create('exporter', { Q: queue() }, { template: exporting('one') });
  await create('importer', { P: parameter({ 'Fn::ImportValue': 'shared' }, { Name: '/imported' }) });
  const { Parameter } = await new SSMClient(settings).send(new GetParameterCommand({ Name: '/imported' }));
  expect(Parameter?.Value).toBe('one');
  const { Exports } = await client.send(new cfn.ListExportsCommand({}));
  expect(Exports).toEqual([expect.objectContaining({ Name: 'shared', Value: 'one' })]);
  expect((await client.send(new cfn.ListImportsCommand({ ExportName: 'shared' }))).Imports).toEqual(['importer']);
  const changed = await update('exporter', { Q: queue({ DelaySeconds: 1 }) }, { template: exporting('two') });
  expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect((await remove('exporter')).StackStatusReason).toBe(
    'Delete canceled. Cannot delete export shared as it is in use by importer.',
  );
  expect((await create('second', { Q: queue() }, { template: exporting('x') })).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await create('nothing', { P: parameter({ 'Fn::ImportValue': 'unknown' }) })).StackStatus).toBe(
    'ROLLBACK_COMPLETE',
  );
  await remove('importer');
  expect((await remove('exporter')).StackStatus).toBe('DELETE_COMPLETE');
});

test('change sets show what would happen, and do it', async () => {
  const make = async (name: string, type: cfn.ChangeSetType, resources: object) => {
    const TemplateBody = body({ Resources: resources });
    await client.send(
      new cfn.CreateChangeSetCommand({ StackName: 'sets', ChangeSetName: name, ChangeSetType: type, TemplateBody }),
    );
    await sandbox.world.idle();
    return client.send(new cfn.DescribeChangeSetCommand({ StackName: 'sets', ChangeSetName: name }));
  };
  const first = await make('one', 'CREATE', { A: queue(), B: parameter({ Ref: 'A' }, { Name: '/set' }) });
  expect(first).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' });
  expect((await stack('sets')).StackStatus).toBe('REVIEW_IN_PROGRESS');
  expect(
    first.Changes?.map((change) => [change.ResourceChange?.Action, change.ResourceChange?.LogicalResourceId]),
  ).toEqual([
    ['Add', 'A'],
    ['Add', 'B'],
  ]);
  await client.send(new cfn.ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'one' }));
  expect((await settled('sets')).StackStatus).toBe('CREATE_COMPLETE');
  const same = await make('two', 'UPDATE', { A: queue(), B: parameter({ Ref: 'A' }, { Name: '/set' }) });
  expect(same).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE' });
  expect(same.StatusReason).toMatch(/^The submitted information didn't contain changes\./);
  expect(
    await refusal(client.send(new cfn.ExecuteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'two' }))),
  ).toMatch(
    /^InvalidChangeSetStatusException: ChangeSet \[arn:.*\] cannot be executed in its current status of \[FAILED\]$/,
  );
  const replacing = await make('three', 'UPDATE', {
    A: queue({ QueueName: 'own' }),
    B: parameter({ Ref: 'A' }, { Name: '/set' }),
  });
  expect(replacing.Changes?.map((change) => change.ResourceChange)).toEqual([
    expect.objectContaining({ Action: 'Modify', LogicalResourceId: 'A', Replacement: 'True', Scope: ['Properties'] }),
    expect.objectContaining({ Action: 'Modify', LogicalResourceId: 'B', Replacement: 'False' }),
  ]);
  expect(replacing.Changes?.[1]?.ResourceChange?.Details?.[0]).toMatchObject({
    Target: { Attribute: 'Properties', Name: 'Value', RequiresRecreation: 'Never' },
    Evaluation: 'Dynamic',
    ChangeSource: 'ResourceReference',
    CausingEntity: 'A',
  });
  const { Summaries = [] } = await client.send(new cfn.ListChangeSetsCommand({ StackName: 'sets' }));
  expect(Summaries.map((each) => each.ChangeSetName)).toEqual(['two', 'three']);
  await client.send(new cfn.DeleteChangeSetCommand({ StackName: 'sets', ChangeSetName: 'two' }));
  expect(
    await refusal(client.send(new cfn.DescribeChangeSetCommand({ StackName: 'sets', ChangeSetName: 'two' }))),
  ).toMatch(/^ChangeSetNotFoundException: ChangeSet \[two\] does not exist$/);
});

test('a resource that stands already can be imported', async () => {
  await new SSMClient(settings).send(new PutParameterCommand({ Name: '/there', Type: 'String', Value: 'v' }));
  await client.send(
    new cfn.CreateChangeSetCommand({
      StackName: 'imports',
      ChangeSetName: 'in',
      ChangeSetType: 'IMPORT',
      TemplateBody: body({ Resources: { P: parameter('v', { Name: '/there' }, { DeletionPolicy: 'Retain' }) } }),
      ResourcesToImport: [
        { LogicalResourceId: 'P', ResourceType: 'AWS::SSM::Parameter', ResourceIdentifier: { Name: '/there' } },
      ],
    }),
  );
  await sandbox.world.idle();
  await client.send(new cfn.ExecuteChangeSetCommand({ StackName: 'imports', ChangeSetName: 'in' }));
  expect((await settled('imports')).StackStatus).toBe('IMPORT_COMPLETE');
  expect(await physicalId('imports', 'P')).toBe('/there');
  await remove('imports');
  expect((await new SSMClient(settings).send(new GetParameterCommand({ Name: '/there' }))).Parameter?.Value).toBe('v');
});

test("a stack's role makes its calls, and nothing that the role may not do succeeds", async () => {
  const iam = new IAMClient(settings);
  const trust = { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'deployer',
      AssumeRolePolicyDocument: body({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  const allow = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'deployer',
      PolicyName: 'p',
      PolicyDocument: body({ Version: '2012-10-17', Statement: [allow] }),
    }),
  );
  const RoleARN = Role?.Arn;
  expect((await create('by-role', { Q: queue() }, { RoleARN })).StackStatus).toBe('CREATE_COMPLETE');
  const denied = await create('by-role-denied', { P: parameter('1') }, { RoleARN });
  expect(denied.StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'by-role-denied' }));
  expect(StackEvents.find((event) => event.ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(
    /assumed-role\/deployer\/AWSCloudFormation is not authorized to perform: ssm:PutParameter/,
  );
});

test('termination protection, stack policies and deletion policies hold', async () => {
  await create(
    'guarded',
    { P: parameter('1', { Name: '/guarded' }, { DeletionPolicy: 'Retain' }) },
    { EnableTerminationProtection: true },
  );
  expect(await refusal(client.send(new cfn.DeleteStackCommand({ StackName: 'guarded' })))).toBe(
    'ValidationError: Stack [guarded] cannot be deleted while TerminationProtection is enabled',
  );
  const deny = { Statement: [{ Effect: 'Deny', Action: 'Update:*', Principal: '*', Resource: '*' }] };
  await client.send(new cfn.SetStackPolicyCommand({ StackName: 'guarded', StackPolicyBody: body(deny) }));
  expect((await client.send(new cfn.GetStackPolicyCommand({ StackName: 'guarded' }))).StackPolicyBody).toBe(body(deny));
  const changed = { P: parameter('2', { Name: '/guarded' }, { DeletionPolicy: 'Retain' }) };
  expect((await update('guarded', changed)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  await client.send(
    new cfn.UpdateTerminationProtectionCommand({ StackName: 'guarded', EnableTerminationProtection: false }),
  );
  expect((await remove('guarded')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await new SSMClient(settings).send(new GetParameterCommand({ Name: '/guarded' }))).Parameter?.Value).toBe(
    '1',
  );
});

test('nested stacks give on their outputs, from templates in S3', async () => {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
  const inner = {
    Parameters: { Delay: { Type: 'Number' } },
    Resources: { Q: queue({ DelaySeconds: { Ref: 'Delay' } }) },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Q', 'Arn'] } } },
  };
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'inner.json', Body: body(inner) }));
  const TemplateURL = 'https://templates.s3.us-east-1.amazonaws.com/inner.json';
  const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL, Parameters: { Delay: 7 } } };
  const made = await create(
    'outer',
    { Nested: nested },
    { template: { Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] } } } } },
  );
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  expect(made.Outputs?.[0]?.OutputValue).toMatch(/^arn:aws:sqs:us-east-1:111111111111:outer-Nested-/);
  const child = await stack(await physicalId('outer', 'Nested'));
  expect(child).toMatchObject({ ParentId: made.StackId, RootId: made.StackId });
  await remove('outer');
  expect((await stack(child.StackId as string)).StackStatus).toBe('DELETE_COMPLETE');
  const missing = client.send(
    new cfn.ValidateTemplateCommand({ TemplateURL: 'https://templates.s3.amazonaws.com/none.json' }),
  );
  expect(await refusal(missing)).toMatch(/^ValidationError: S3 error: /);
  expect(
    await refusal(client.send(new cfn.ValidateTemplateCommand({ TemplateURL: 'https://example.com/x.json' }))),
  ).toBe('ValidationError: TemplateURL must be a supported URL.');
});

test('references to stored values are followed', async () => {
  const ssm = new SSMClient(settings);
  await ssm.send(new PutParameterCommand({ Name: '/delay', Type: 'String', Value: '11' }));
  await create('dynamic', { Q: queue({ DelaySeconds: '{{resolve:ssm:/delay}}' }) });
  const QueueUrl = await physicalId('dynamic', 'Q');
  const { Attributes } = await new SQSClient(settings).send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes?.DelaySeconds).toBe('11');
});

test('drift is what was changed by hand', async () => {
  await create('drifting', { A: queue({ DelaySeconds: 1 }), B: queue({ DelaySeconds: 2 }) });
  const QueueUrl = await physicalId('drifting', 'A');
  await new SQSClient(settings).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '8' } }));
  const { StackDriftDetectionId } = await client.send(new cfn.DetectStackDriftCommand({ StackName: 'drifting' }));
  await sandbox.world.idle();
  const status = await client.send(new cfn.DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
  expect(status).toMatchObject({
    StackDriftStatus: 'DRIFTED',
    DetectionStatus: 'DETECTION_COMPLETE',
    DriftedStackResourceCount: 1,
  });
  const { StackResourceDrifts = [] } = await client.send(
    new cfn.DescribeStackResourceDriftsCommand({
      StackName: 'drifting',
      StackResourceDriftStatusFilters: ['MODIFIED'],
    }),
  );
  expect(StackResourceDrifts[0]?.PropertyDifferences).toEqual([
    { PropertyPath: '/DelaySeconds', ExpectedValue: '1', ActualValue: '8', DifferenceType: 'NOT_EQUAL' },
  ]);
});

test('roles with policies are made, changed and removed', async () => {
  const statement = (Action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const role = (more: object) => ({
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'worker', AssumeRolePolicyDocument: trust, ...more },
  });
  const policy = {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'extra', PolicyDocument: statement('s3:*'), Roles: [{ Ref: 'Role' }] },
  };
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  await create(
    'roles',
    { Role: role({ Policies: [{ PolicyName: 'p', PolicyDocument: statement('sqs:*') }] }), Policy: policy },
    { Capabilities },
  );
  const updated = await update(
    'roles',
    { Role: role({ Description: 'changed', MaxSessionDuration: '7200' }), Policy: policy },
    { Capabilities },
  );
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
  const { Role } = await new IAMClient(settings).send(new GetRoleCommand({ RoleName: 'worker' }));
  expect(Role).toMatchObject({ Description: 'changed', MaxSessionDuration: 7200 });
  expect((await remove('roles')).StackStatus).toBe('DELETE_COMPLETE');
  expect(await refusal(new IAMClient(settings).send(new GetRoleCommand({ RoleName: 'worker' })))).toMatch(
    /^NoSuchEntity/,
  );
});

test('a resource waits for the signals that its template asks for', async () => {
  const waiting = {
    Type: 'AWS::CloudFormation::WaitCondition',
    CreationPolicy: { ResourceSignal: { Count: 1, Timeout: 'PT1M' } },
  };
  const { StackId } = await client.send(
    new cfn.CreateStackCommand({ StackName: 'signals', TemplateBody: body({ Resources: { W: waiting } }) }),
  );
  await client.send(
    new cfn.SignalResourceCommand({ StackName: 'signals', LogicalResourceId: 'W', UniqueId: 'one', Status: 'SUCCESS' }),
  );
  expect((await settled(StackId as string)).StackStatus).toBe('CREATE_COMPLETE');
});

test('custom resources are made by a function', async () => {
  const code =
    "const r = require('cfn-response'); exports.handler = (e, c) => r.send(e, c, e.ResourceProperties.Fail ? 'FAILED' : 'SUCCESS', { Answer: '42' }, 'thing');";
  const resources = {
    ...functionOf(code),
    Thing: {
      Type: 'Custom::Thing',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, ServiceTimeout: '20', Flag: true },
    },
  };
  const Outputs = { Answer: { Value: { 'Fn::GetAtt': ['Thing', 'Answer'] } }, Id: { Value: { Ref: 'Thing' } } };
  const made = await create('custom', resources, { template: { Outputs }, Capabilities: ['CAPABILITY_IAM'] });
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  expect(made.Outputs?.map((output) => output.OutputValue)).toEqual(['42', 'thing']);
  expect((await remove('custom')).StackStatus).toBe('DELETE_COMPLETE');
});

test('macros rewrite templates, what they refuse fails the stack, and includes come from S3', async () => {
  const code =
    "exports.handler = async ({ requestId, params, fragment, templateParameterValues: { Word } }) => params.Fail ? { requestId, status: 'failure', errorMessage: 'no' } : { requestId, status: 'success', fragment: { ...fragment, Value: `${params.Prefix}-${Word}` } };";
  const Macro = {
    Type: 'AWS::CloudFormation::Macro',
    Properties: { Name: 'Say', FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] } },
  };
  await create('macro', { ...functionOf(code), Macro }, { Capabilities: ['CAPABILITY_IAM'] });
  const said = (Parameters: object) => ({
    P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', 'Fn::Transform': { Name: 'Say', Parameters } } },
  });
  const template = {
    Parameters: { Word: { Type: 'String', Default: 'hello' } },
    Outputs: { P: { Value: { 'Fn::GetAtt': ['P', 'Value'] } } },
  };
  const Capabilities: cfn.Capability[] = ['CAPABILITY_AUTO_EXPAND'];
  expect(await refusal(create('said', said({ Prefix: 'x' }), { template }))).toBe(
    'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
  );
  const made = await create('said', said({ Prefix: { Ref: 'AWS::Region' } }), { template, Capabilities });
  expect(made.Outputs?.[0]?.OutputValue).toBe('us-east-1-hello');
  const read = (TemplateStage: cfn.TemplateStage) =>
    client.send(new cfn.GetTemplateCommand({ StackName: 'said', TemplateStage }));
  expect((await read('Original')).TemplateBody).toContain('Fn::Transform');
  expect(JSON.parse((await read('Processed')).TemplateBody ?? '').Resources.P.Properties).toEqual({
    Type: 'String',
    Value: 'us-east-1-hello',
  });
  const failed = await create('unsaid', said({ Fail: true }), { template, Capabilities });
  expect(failed.StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'unsaid' }));
  expect(StackEvents.map((event) => event.ResourceStatusReason)).toContain(
    `Transform ${accountId}::Say failed with: no. Rollback requested by user.`,
  );
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'snippets' }));
  await s3.send(new PutObjectCommand({ Bucket: 'snippets', Key: 'value.yaml', Body: 'Value: included' }));
  const include = { Name: 'AWS::Include', Parameters: { Location: 's3://snippets/value.yaml' } };
  const included = { P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', 'Fn::Transform': include } } };
  const { Outputs } = await create('included', included, { template, Capabilities });
  expect(Outputs?.[0]?.OutputValue).toBe('included');
});

test("the registry tells of AWS's own types", async () => {
  const described = await client.send(new cfn.DescribeTypeCommand({ Type: 'RESOURCE', TypeName: 'AWS::SQS::Queue' }));
  expect(described).toMatchObject({
    Arn: 'arn:aws:cloudformation:us-east-1::type/resource/AWS-SQS-Queue',
    ProvisioningType: 'FULLY_MUTABLE',
    Visibility: 'PUBLIC',
  });
  expect(JSON.parse(described.Schema ?? '')).toMatchObject({ typeName: 'AWS::SQS::Queue' });
  const { TypeSummaries = [] } = await client.send(
    new cfn.ListTypesCommand({ Visibility: 'PUBLIC', Filters: { TypeNamePrefix: 'AWS::SNS' } }),
  );
  expect(TypeSummaries.map(({ TypeName }) => TypeName)).toEqual([
    'AWS::SNS::Subscription',
    'AWS::SNS::Topic',
    'AWS::SNS::TopicPolicy',
  ]);
  expect(await refusal(client.send(new cfn.DescribeTypeCommand({ Type: 'RESOURCE', TypeName: 'A::B::C' })))).toBe(
    "TypeNotFoundException: The type 'A::B::C' cannot be found.",
  );
});

test('an update can be cancelled, and a rollback that failed can be continued', async () => {
  const waiting = {
    Type: 'AWS::CloudFormation::WaitCondition',
    CreationPolicy: { ResourceSignal: { Timeout: 'PT1M' } },
  };
  await create('cancelled', { P: parameter('1', { Name: '/cancelled' }) });
  const changed = { P: parameter('2', { Name: '/cancelled' }), W: { ...waiting, DependsOn: 'P' } };
  await client.send(new cfn.UpdateStackCommand({ StackName: 'cancelled', TemplateBody: body({ Resources: changed }) }));
  await client.send(new cfn.CancelUpdateStackCommand({ StackName: 'cancelled' }));
  expect((await settled('cancelled')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { Parameter } = await new SSMClient(settings).send(new GetParameterCommand({ Name: '/cancelled' }));
  expect(Parameter?.Value).toBe('1');

  await create('stuck', { Q: queue({ DelaySeconds: 1 }) });
  const stuck = { Q: queue({ DelaySeconds: 2 }), W: { ...waiting, DependsOn: 'Q' } };
  await client.send(new cfn.UpdateStackCommand({ StackName: 'stuck', TemplateBody: body({ Resources: stuck }) }));
  while (!(await events('stuck')).includes('W CREATE_IN_PROGRESS')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new SQSClient(settings).send(new DeleteQueueCommand({ QueueUrl: await physicalId('stuck', 'Q') }));
  await client.send(new cfn.CancelUpdateStackCommand({ StackName: 'stuck' }));
  expect((await settled('stuck')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  await client.send(new cfn.ContinueUpdateRollbackCommand({ StackName: 'stuck', ResourcesToSkip: ['Q'] }));
  await sandbox.world.idle();
  expect((await settled('stuck')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('events tell which operation they belong to', async () => {
  await create('told', { A: broken() });
  const { OperationEvents = [] } = await client.send(
    new cfn.DescribeEventsCommand({ StackName: 'told', Filters: { FailedEvents: true } }),
  );
  expect(OperationEvents.map((event) => [event.LogicalResourceId, event.OperationType])).toEqual([
    ['A', 'CREATE_STACK'],
  ]);
});

test('a stack of many kinds of resources stands and goes', async () => {
  const resources = manyResources;
  const Outputs = Object.fromEntries(Object.keys(resources).map((id) => [id, { Value: { Ref: id } }]));
  const made = await create('many', resources, { template: { Outputs }, Tags: [{ Key: 'team', Value: 'blue' }] });
  const failed = (await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'many' }))).StackEvents?.filter(
    (event) => /FAILED/.test(event.ResourceStatus ?? ''),
  );
  expect(failed).toEqual([]);
  expect(made.StackStatus).toBe('CREATE_COMPLETE');
  const output = (key: string) => made.Outputs?.find((each) => each.OutputKey === key)?.OutputValue;
  expect(output('Bucket')).toMatch(/^many-bucket-[a-z0-9]{12}$/);
  expect(output('Topic')).toMatch(/^arn:aws:sns:us-east-1:111111111111:many-Topic-/);
  expect(output('Rule')).toMatch(/^many\|many-Rule-/);
  expect(output('Table')).toMatch(/^many-Table-/);
  expect(output('Detector')).toMatch(/^[0-9a-f]{32}$/);
  expect((await remove('many')).StackStatus).toBe('DELETE_COMPLETE');
});

test('attributes that a type does not have, and resources left out by a condition, are found out', async () => {
  const Outputs = { O: { Value: { 'Fn::GetAtt': ['Q', 'Invalid'] } } };
  const failed = await create('attributes', { Q: queue() }, { template: { Outputs } });
  expect(failed.StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'attributes' }));
  expect(StackEvents.map((event) => event.ResourceStatusReason)).toContain(
    '[Error] /Outputs/O/Value/Fn::GetAtt: Resource type AWS::SQS::Queue does not support attribute {Invalid}. Rollback requested by user.',
  );
  const template = { Conditions: { No: { 'Fn::Equals': ['a', 'b'] } }, Outputs: { O: { Value: { Ref: 'Q' } } } };
  expect(
    await refusal(create('left-out', { P: parameter('1'), Q: queue({}, { Condition: 'No' }) }, { template })),
  ).toBe('ValidationError: Unresolved resource dependencies [Q] in the Outputs block of the template');
  const mapped = { template: { Mappings: { M: { a: { b: 'c' } } } } };
  expect(await refusal(create('unmapped', { P: parameter({ 'Fn::FindInMap': ['M', 'x', 'b'] }) }, mapped))).toBe(
    'ValidationError: Template error: Unable to get mapping for M::x::b',
  );
  const missing = await create('untyped', { P: { Type: 'AWS::SSM::Parameter', Properties: { Value: '1' } } });
  expect(missing.StackStatus).toBe('ROLLBACK_COMPLETE');
  const events = await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'untyped' }));
  expect(events.StackEvents?.map((event) => event.ResourceStatusReason)).toContain(
    'Property validation failure: [The property {/Type} is required]',
  );
});
