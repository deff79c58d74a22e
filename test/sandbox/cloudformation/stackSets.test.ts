import * as cfn from '@aws-sdk/client-cloudformation';
import { GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { AttachRolePolicyCommand, DeleteRoleCommand, DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  EnableAWSServiceAccessCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  RegisterDelegatedAdministratorCommand,
} from '@aws-sdk/client-organizations';
import {
  administrationRole,
  client,
  createInstances,
  createSet,
  deleteInstances,
  detectors,
  executionRole,
  home,
  instances,
  keysOf,
  management,
  members,
  operation,
  parallel,
  refusal,
  results,
  sandbox,
  settingsOf,
  suspended,
  TemplateBody,
} from './stackSetScene';

describe('self-managed', () => {
  test('a stack set is rolled out to accounts and regions, updated, and taken back', async () => {
    const id = await createSet('all', { Description: 'detectors', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(id).toMatch(/^all:[0-9a-f-]{36}$/);
    const created = await createInstances('all', members, ['eu-west-1', 'us-west-2']);
    expect(created).toMatchObject({ Action: 'CREATE', Status: 'SUCCEEDED', ExecutionRoleName: executionRole });
    const found = await instances('all');
    expect(found).toHaveLength(6);
    expect(new Set(found.map((each) => `${each.Status} ${each.StackInstanceStatus?.DetailedStatus}`))).toEqual(
      new Set(['CURRENT SUCCEEDED']),
    );
    expect(found[0]?.StackId).toMatch(
      /^arn:aws:cloudformation:eu-west-1:100000000001:stack\/StackSet-all-[0-9a-f-]{36}\/[0-9a-f-]{36}$/,
    );
    expect(await detectors('100000000002', 'us-west-2')).toHaveLength(1);
    const Parameters = [{ ParameterKey: 'Frequency', ParameterValue: 'ONE_HOUR' }];
    const update = new cfn.UpdateStackSetCommand({
      StackSetName: 'all',
      UsePreviousTemplate: true,
      Parameters,
      OperationPreferences: parallel,
    });
    const updated = await operation('all', (await client.send(update)).OperationId);
    expect(updated).toMatchObject({ Action: 'UPDATE', Status: 'SUCCEEDED' });
    const { StackSet } = await client.send(new cfn.DescribeStackSetCommand({ StackSetName: 'all' }));
    expect(StackSet).toMatchObject({
      StackSetId: id,
      StackSetARN: `arn:aws:cloudformation:us-east-1:${management}:stackset/${id}`,
      PermissionModel: 'SELF_MANAGED',
      AdministrationRoleARN: `arn:aws:iam::${management}:role/${administrationRole}`,
      Parameters,
    });
    expect(await refusal(client.send(new cfn.DeleteStackSetCommand({ StackSetName: 'all' })))).toBe(
      'StackSetNotEmptyException: StackSet is not empty',
    );
    expect(await deleteInstances('all', members, ['eu-west-1', 'us-west-2'])).toMatchObject({
      Action: 'DELETE',
      Status: 'SUCCEEDED',
    });
    expect(await instances('all')).toEqual([]);
    expect(await detectors('100000000002', 'us-west-2')).toEqual([]);
    await client.send(new cfn.DeleteStackSetCommand({ StackSetName: 'all' }));
    expect(await refusal(client.send(new cfn.DescribeStackSetCommand({ StackSetName: 'all' })))).toBe(
      'StackSetNotFoundException: StackSet all not found',
    );
    const { Summaries = [] } = await client.send(new cfn.ListStackSetsCommand({ Status: 'DELETED' }));
    expect(Summaries.map((each) => each.StackSetId)).toContain(id);
  });

  test('overrides hold for their instances only, and lists are filtered', async () => {
    await createSet('overrides');
    const ParameterOverrides = [{ ParameterKey: 'Frequency', ParameterValue: 'FIFTEEN_MINUTES' }];
    await createInstances('overrides', [members[0] as string], ['sa-east-1'], { ParameterOverrides });
    await createInstances('overrides', [members[1] as string], ['sa-east-1', 'eu-north-1']);
    const { StackInstance } = await client.send(
      new cfn.DescribeStackInstanceCommand({
        StackSetName: 'overrides',
        StackInstanceAccount: members[0],
        StackInstanceRegion: 'sa-east-1',
      }),
    );
    expect(StackInstance?.ParameterOverrides).toEqual(ParameterOverrides);
    expect(await instances('overrides', { StackInstanceRegion: 'sa-east-1' })).toHaveLength(2);
    expect(await instances('overrides', { StackInstanceAccount: members[1] })).toHaveLength(2);
    expect(await instances('overrides', { Filters: [{ Name: 'DETAILED_STATUS', Values: 'FAILED' }] })).toEqual([]);
    const missing = new cfn.UpdateStackInstancesCommand({
      StackSetName: 'overrides',
      Accounts: [members[2] as string],
      Regions: ['sa-east-1'],
    });
    expect(await refusal(client.send(missing))).toMatch(/^StackInstanceNotFoundException/);
    await deleteInstances('overrides', [members[1] as string], ['eu-north-1', 'sa-east-1'], true);
    expect(await detectors(members[1] as string, 'eu-north-1')).toHaveLength(1);
  });

  test('an account without the role, a region that is off and a resource that cannot be made fail, each for its reason', async () => {
    await createSet('reasons');
    await createInstances('reasons', [members[0] as string], ['eu-west-3']);
    await createSet('reasons-again');
    const done = await createInstances('reasons-again', [...members, suspended], ['eu-west-3']);
    expect(done).toMatchObject({ Status: 'SUCCEEDED', StatusDetails: { FailedStackInstancesCount: 3 } });
    const byAccount = new Map((await results('reasons-again', done.OperationId)).map((each) => [each.Account, each]));
    expect(byAccount.get(members[0] as string)?.StatusReason).toMatch(
      /^ResourceLogicalId:Detector, ResourceType:AWS::GuardDuty::Detector, ResourceStatusReason:.*a detector already exists/,
    );
    expect(byAccount.get(members[1] as string)?.Status).toBe('SUCCEEDED');
    expect(byAccount.get(members[2] as string)?.StatusReason).toMatch(/eu-west-3 is not enabled/);
    expect(byAccount.get(suspended)?.StatusReason).toBe(
      `Account ${suspended} should have '${executionRole}' role with trust relationship to Role '${administrationRole}'.`,
    );
    const failed = (await instances('reasons-again')).find((each) => each.Account === suspended);
    expect(failed).toMatchObject({ Status: 'OUTDATED', StackInstanceStatus: { DetailedStatus: 'FAILED' } });
  });

  test('an instance that failed is made once the cause is gone', async () => {
    const account = members[0] as string;
    const iam = new IAMClient(settingsOf(await keysOf(account)));
    const [RoleName, PolicyArn] = [executionRole, 'arn:aws:iam::aws:policy/AdministratorAccess'];
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await createSet('retried');
    const first = await createInstances('retried', [account], ['ap-south-1']);
    expect((await results('retried', first.OperationId))[0]?.StatusReason).toMatch(
      /not authorized to perform: cloudformation:CreateStack/,
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const again = new cfn.UpdateStackInstancesCommand({
      StackSetName: 'retried',
      Accounts: [account],
      Regions: ['ap-south-1'],
    });
    expect((await operation('retried', (await client.send(again)).OperationId)).Status).toBe('SUCCEEDED');
    expect(await detectors(account, 'ap-south-1')).toHaveLength(1);
  });

  test('beyond the failure tolerance the rest is cancelled, region after region', async () => {
    await createSet('tolerance');
    const Accounts = ['100000000101', '100000000102', '100000000103', members[0] as string];
    const Regions = ['ca-central-1', 'ap-northeast-1'];
    const preferences = { FailureToleranceCount: 1, MaxConcurrentCount: 1, RegionOrder: Regions };
    const done = await createInstances('tolerance', Accounts, Regions, { OperationPreferences: preferences });
    expect(done.Status).toBe('FAILED');
    const found = (await results('tolerance', done.OperationId)).map((each) => `${each.Region} ${each.Status}`);
    expect(found.filter((each) => each === 'ca-central-1 FAILED')).toHaveLength(2);
    expect(found.filter((each) => each === 'ca-central-1 CANCELLED')).toHaveLength(2);
    expect(found.filter((each) => each === 'ap-northeast-1 CANCELLED')).toHaveLength(4);
    const untouched = (await instances('tolerance')).find((each) => each.Region === 'ap-northeast-1');
    expect(untouched).toMatchObject({ Status: 'OUTDATED', StackInstanceStatus: { DetailedStatus: 'CANCELLED' } });
    const soft = await createInstances('tolerance', Accounts, Regions);
    expect(soft).toMatchObject({ Status: 'SUCCEEDED', StatusDetails: { FailedStackInstancesCount: 6 } });
  });

  test('one operation at a time, unless managed execution puts the next in a queue', async () => {
    await createSet('busy');
    const start = (name: string, more: object = {}) =>
      client.send(
        new cfn.CreateStackInstancesCommand({
          StackSetName: name,
          Accounts: members.slice(0, 2),
          Regions: ['ap-northeast-2', 'ap-northeast-3'],
          ...more,
        }),
      );
    const { OperationId } = await start('busy', { OperationId: 'first' });
    expect(OperationId).toBe('first');
    expect(await refusal(start('busy'))).toMatch(
      /^OperationInProgressException: Another Operation on StackSet arn:.* is in progress: first$/,
    );
    expect((await start('busy', { OperationId: 'first' })).OperationId).toBe('first');
    expect(await refusal(start('busy', { OperationId: 'first', Regions: ['us-east-2'] }))).toMatch(
      /^OperationIdAlreadyExistsException/,
    );
    await operation('busy', 'first');
    const { Summaries = [] } = await client.send(new cfn.ListStackSetOperationsCommand({ StackSetName: 'busy' }));
    expect(Summaries.map((each) => [each.OperationId, each.Action, each.Status])).toEqual([
      ['first', 'CREATE', 'SUCCEEDED'],
    ]);
    await deleteInstances('busy', members.slice(0, 2), ['ap-northeast-2', 'ap-northeast-3']);
    await createSet('queued', { ManagedExecution: { Active: true } });
    const one = await start('queued');
    const two = await start('queued');
    const { StackSetOperation } = await client.send(
      new cfn.DescribeStackSetOperationCommand({ StackSetName: 'queued', OperationId: two.OperationId }),
    );
    expect(StackSetOperation?.Status).toBe('QUEUED');
    expect((await operation('queued', one.OperationId)).Status).toBe('SUCCEEDED');
    expect((await operation('queued', two.OperationId)).Status).toBe('SUCCEEDED');
  });

  test('a stopped operation leaves the rest untouched', async () => {
    await createSet('stopped');
    const { OperationId } = await client.send(
      new cfn.CreateStackInstancesCommand({
        StackSetName: 'stopped',
        Accounts: members,
        Regions: ['us-west-1', 'ca-central-1', 'eu-west-2', 'ap-southeast-1', 'ap-southeast-2'],
      }),
    );
    await client.send(new cfn.StopStackSetOperationCommand({ StackSetName: 'stopped', OperationId }));
    expect((await operation('stopped', OperationId)).Status).toBe('STOPPED');
    expect((await results('stopped', OperationId)).some((each) => each.Status === 'CANCELLED')).toBe(true);
    expect(
      await refusal(client.send(new cfn.StopStackSetOperationCommand({ StackSetName: 'stopped', OperationId }))),
    ).toMatch(/^InvalidOperationException/);
  });

  test('drift over all instances is found', async () => {
    await createSet('drift');
    await createInstances('drift', members.slice(0, 2), ['us-east-2']);
    const [DetectorId] = await detectors(members[0] as string, 'us-east-2');
    const guardduty = new GuardDutyClient(settingsOf(await keysOf(members[0] as string), 'us-east-2'));
    await guardduty.send(new UpdateDetectorCommand({ DetectorId, FindingPublishingFrequency: 'ONE_HOUR' }));
    const { OperationId } = await client.send(new cfn.DetectStackSetDriftCommand({ StackSetName: 'drift' }));
    const done = await operation('drift', OperationId);
    expect(done.StackSetDriftDetectionDetails).toMatchObject({
      DriftStatus: 'DRIFTED',
      TotalStackInstancesCount: 2,
      DriftedStackInstancesCount: 1,
    });
    const { Summaries = [] } = await client.send(
      new cfn.ListStackInstanceResourceDriftsCommand({
        StackSetName: 'drift',
        OperationId,
        StackInstanceAccount: members[0],
        StackInstanceRegion: 'us-east-2',
      }),
    );
    expect(Summaries[0]?.PropertyDifferences?.[0]).toMatchObject({
      PropertyPath: '/FindingPublishingFrequency',
      ActualValue: 'ONE_HOUR',
    });
  });

  test('a stack that stands can be taken into a set', async () => {
    const account = members[1] as string;
    const theirs = new cfn.CloudFormationClient(settingsOf(await keysOf(account), 'eu-central-1'));
    const { StackId } = await theirs.send(new cfn.CreateStackCommand({ StackName: 'own', TemplateBody }));
    await sandbox.world.idle();
    await createSet('imported');
    const { OperationId } = await client.send(
      new cfn.ImportStacksToStackSetCommand({ StackSetName: 'imported', StackIds: [StackId as string] }),
    );
    expect((await operation('imported', OperationId)).Status).toBe('SUCCEEDED');
    expect(await instances('imported')).toEqual([expect.objectContaining({ StackId, Status: 'CURRENT' })]);
  });

  test('requests that make no sense are refused', async () => {
    await createSet('strict');
    const start = (input: object) =>
      refusal(
        client.send(
          new cfn.CreateStackInstancesCommand({ StackSetName: 'strict', Accounts: members, Regions: [home], ...input }),
        ),
      );
    expect(await start({ StackSetName: 'nobody' })).toBe('StackSetNotFoundException: StackSet nobody not found');
    expect(await start({ Regions: ['mars-north-1'] })).toBe('ValidationError: Region mars-north-1 is not supported');
    expect(await start({ Accounts: ['12'] })).toMatch(/^ValidationError: 1 validation error detected/);
    expect(await start({ ParameterOverrides: [{ ParameterKey: 'X', ParameterValue: '1' }] })).toBe(
      'ValidationError: Parameters: [X] do not exist in the template',
    );
    expect(await start({ OperationPreferences: { FailureToleranceCount: 1, FailureTolerancePercentage: 1 } })).toMatch(
      /^ValidationError/,
    );
    expect(
      await start({ Accounts: undefined, DeploymentTargets: { OrganizationalUnitIds: ['ou-abcd-12345678'] } }),
    ).toMatch(/^ValidationError: StackSets with SELF_MANAGED/);
    expect(await refusal(createSet('strict'))).toMatch(/^NameAlreadyExistsException/);
    expect(await refusal(createSet('no-role', { AdministrationRoleARN: `arn:aws:iam::${management}:role/none` }))).toBe(
      'accepted',
    );
    expect(await start({ StackSetName: 'no-role' })).toBe(
      `ValidationError: Account ${management} should have 'none' role with trust relationship to CloudFormation service.`,
    );
  });
});

describe('service-managed', () => {
  let organizations: OrganizationsClient;
  let root: string;
  let unit: string;
  const auto = { Enabled: true, RetainStacksOnAccountRemoval: false };

  beforeAll(async () => {
    organizations = new OrganizationsClient(settingsOf(sandbox.management));
    root = (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id as string;
    const made = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId: root, Name: 'Workloads' }));
    unit = made.OrganizationalUnit?.Id as string;
    for (const AccountId of [members[0] as string, suspended]) {
      await organizations.send(new MoveAccountCommand({ AccountId, SourceParentId: root, DestinationParentId: unit }));
    }
  });

  test('it needs the trust of the organization', async () => {
    expect(await refusal(createSet('managed', { PermissionModel: 'SERVICE_MANAGED', AutoDeployment: auto }))).toBe(
      'ValidationError: You must enable organizations access to operate a service managed stack set',
    );
    await client.send(new cfn.ActivateOrganizationsAccessCommand({}));
    expect((await client.send(new cfn.DescribeOrganizationsAccessCommand({}))).Status).toBe('ENABLED');
    await organizations.send(
      new EnableAWSServiceAccessCommand({ ServicePrincipal: 'member.org.stacksets.cloudformation.amazonaws.com' }),
    );
  });

  test('it goes to the accounts of a unit, passes over suspended ones, and follows new ones', async () => {
    await createSet('managed', { PermissionModel: 'SERVICE_MANAGED', AutoDeployment: auto });
    const targets = { OrganizationalUnitIds: [unit] };
    expect(await refusal(createInstances('managed', members, ['eu-south-2']))).toMatch(
      /^ValidationError: StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target/,
    );
    const done = await createInstances('managed', undefined as unknown as string[], ['eu-west-2'], {
      DeploymentTargets: targets,
    });
    expect(done.Status).toBe('SUCCEEDED');
    const byAccount = new Map((await instances('managed')).map((each) => [each.Account, each]));
    expect(byAccount.get(suspended)).toMatchObject({
      StatusReason: `Account ${suspended} is suspended`,
      StackInstanceStatus: { DetailedStatus: 'SKIPPED_SUSPENDED_ACCOUNT' },
    });
    expect(byAccount.get(members[0] as string)).toMatchObject({ Status: 'CURRENT', OrganizationalUnitId: unit });
    const { Summaries } = await client.send(
      new cfn.ListStackSetAutoDeploymentTargetsCommand({ StackSetName: 'managed' }),
    );
    expect(Summaries).toEqual([{ OrganizationalUnitId: unit, Regions: ['eu-west-2'] }]);
    const { CreateAccountStatus } = await organizations.send(
      new CreateAccountCommand({ AccountName: 'new', Email: 'new@example.com' }),
    );
    await sandbox.world.idle();
    expect(CreateAccountStatus?.State).toBeDefined();
    expect(await instances('managed')).toHaveLength(2);
  });

  test('accounts that move into a unit get their stacks, and those that leave it lose them', async () => {
    const move = (SourceParentId: string, DestinationParentId: string) =>
      organizations.send(new MoveAccountCommand({ AccountId: members[1], SourceParentId, DestinationParentId }));
    await move(root, unit);
    await sandbox.world.idle();
    const found = await instances('managed', { StackInstanceAccount: members[1] });
    expect(found).toEqual([expect.objectContaining({ Region: 'eu-west-2', Status: 'CURRENT' })]);
    await move(unit, root);
    await sandbox.world.idle();
    expect(await instances('managed', { StackInstanceAccount: members[1] })).toEqual([]);
  });

  test('account filters narrow and widen a unit', async () => {
    await createSet('filtered', { PermissionModel: 'SERVICE_MANAGED', AutoDeployment: { Enabled: false } });
    const reach = async (filter: cfn.AccountFilterType, Accounts: string[]) => {
      const targets = { OrganizationalUnitIds: [unit], AccountFilterType: filter, Accounts };
      const done = await createInstances('filtered', undefined as unknown as string[], ['eu-west-1'], {
        DeploymentTargets: targets,
      });
      return (await results('filtered', done.OperationId)).map((each) => each.Account).sort();
    };
    expect(await reach('INTERSECTION', [members[0] as string])).toEqual([members[0]]);
    expect(await reach('DIFFERENCE', [members[0] as string])).toEqual([suspended]);
    expect(await reach('UNION', [members[1] as string])).toEqual([members[0], members[1], suspended]);
  });

  test('an account that a filter left out stays out while others move, and so does the management account', async () => {
    await createSet('most', { PermissionModel: 'SERVICE_MANAGED', AutoDeployment: auto });
    await createInstances('most', undefined as unknown as string[], ['eu-west-1'], {
      DeploymentTargets: {
        OrganizationalUnitIds: [root],
        AccountFilterType: 'DIFFERENCE',
        Accounts: [members[0] as string],
      },
    });
    const before = (await instances('most')).map((each) => each.Account).sort();
    expect(before).not.toContain(members[0]);
    const move = (SourceParentId: string, DestinationParentId: string) =>
      organizations.send(new MoveAccountCommand({ AccountId: members[1], SourceParentId, DestinationParentId }));
    await move(root, unit);
    await sandbox.world.idle();
    await move(unit, root);
    await sandbox.world.idle();
    expect((await instances('most')).map((each) => each.Account).sort()).toEqual(before);
  });

  test('a delegated administrator works on the sets of the management account', async () => {
    const keys = await keysOf(members[1] as string);
    const theirs = new cfn.CloudFormationClient(settingsOf(keys));
    const list = () => theirs.send(new cfn.ListStackSetsCommand({ CallAs: 'DELEGATED_ADMIN' }));
    expect(await refusal(list())).toBe('ValidationError: Account used is not a delegated administrator');
    const ServicePrincipal = 'member.org.stacksets.cloudformation.amazonaws.com';
    await organizations.send(new RegisterDelegatedAdministratorCommand({ AccountId: members[1], ServicePrincipal }));
    expect((await list()).Summaries?.map((each) => each.StackSetName)).toContain('managed');
    const { StackSet } = await theirs.send(
      new cfn.DescribeStackSetCommand({ StackSetName: 'managed', CallAs: 'DELEGATED_ADMIN' }),
    );
    expect(StackSet?.StackSetARN).toContain(`:${management}:stackset/managed:`);
  });
});

test('without its administration role a set does nothing', async () => {
  const iam = new IAMClient(settingsOf(sandbox.management));
  await iam.send(
    new DetachRolePolicyCommand({
      RoleName: administrationRole,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    }),
  );
  await iam.send(new DeleteRoleCommand({ RoleName: administrationRole }));
  await createSet('orphan');
  const start = client.send(
    new cfn.CreateStackInstancesCommand({ StackSetName: 'orphan', Accounts: members, Regions: [home] }),
  );
  expect(await refusal(start)).toBe(
    `ValidationError: Account ${management} should have '${administrationRole}' role with trust relationship to CloudFormation service.`,
  );
});
