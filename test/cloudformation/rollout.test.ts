import { CreateStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { deleteStack, observeStackSet, readAssembly, reconcileStackSet } from '../../cloudformation';
import { asAdministrator, asRole } from '../roles/plant';
import { appOf } from '../stacks/templates';
import { desiredOf, management, preferences, security, TestOrganization } from './organization';

const member = '100000000003';

describe('a rollout with IAM enforced', () => {
  let organization: TestOrganization;

  beforeAll(async () => {
    organization = await TestOrganization.start();
  });
  afterAll(() => organization.close());

  test('bootstrap plants the roles in every account', async () => {
    const outcomes = await organization.bootstrap();
    expect(outcomes.map(({ accountId, stackName, outcome }) => [accountId, stackName, outcome])).toEqual([
      [management, 'garrison-administration', 'created'],
      [security, 'garrison-administration', 'created'],
      [management, 'garrison-execution', 'created'],
      [security, 'garrison-execution', 'created'],
      [member, 'garrison-execution', 'created'],
    ]);
    const iam = new IAMClient(await asAdministrator(organization.sandbox, member));
    const role = await iam.send(new GetRoleCommand({ RoleName: 'AWSCloudFormationStackSetExecutionRoleForSecurity' }));
    expect(decodeURIComponent(role.Role?.AssumeRolePolicyDocument ?? '')).toContain(
      `arn:aws:iam::${security}:role/AWSCloudFormationStackSetAdministrationRoleForSecurity`,
    );
  });

  test('the operator deploys the security stack', async () => {
    expect(await organization.securityStack()).toMatchObject({ stackName: 'garrison-security', outcome: 'created' });
  });

  test('the stack sets reach every cell', async () => {
    const outcomes = await organization.instances();
    expect(outcomes.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    expect(outcomes).toHaveLength(2 + 9 + 3);
    const operator = await organization.operator();
    const guard = await asRole(operator, `arn:aws:iam::${member}:role/GarrisonMember`);
    const detectors = await new GuardDutyClient({ ...guard, region: 'eu-west-1' }).send(new ListDetectorsCommand({}));
    expect(detectors.DetectorIds).toHaveLength(1);
  });

  test('a second run changes nothing', async () => {
    const again = [...(await organization.bootstrap()), await organization.securityStack()];
    expect(again.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    expect((await organization.instances()).filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
  });
});

test('answers that are lost on the way, and asked for again, change nothing', async () => {
  const organization = await TestOrganization.start();
  organization.losesAnswers = true;
  try {
    await organization.bootstrap();
    expect(await organization.securityStack()).toMatchObject({ outcome: 'created' });
    expect((await organization.instances()).filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    expect((await organization.instances()).filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
  } finally {
    await organization.close();
  }
});

test('a changed configuration is rolled out by the operator: stack, stack sets and every instance', async () => {
  const organization = await TestOrganization.start();
  try {
    await organization.bootstrap();
    await organization.securityStack();
    await organization.instances();
    const changed = { ...organization.model, notifier: { ...organization.model.notifier, minimumSeverity: 7 } };
    organization.assembly = readAssembly(appOf(changed).outdir);
    expect(await organization.securityStack()).toMatchObject({ outcome: 'updated' });
    expect((await organization.instances()).filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    const administrator = await asAdministrator(organization.sandbox, security);
    const rule = await new EventBridgeClient({ ...administrator, region: 'eu-west-1' }).send(
      new DescribeRuleCommand({ Name: 'garrison-findings' }),
    );
    expect(JSON.parse(rule.EventPattern ?? '{}')).toMatchObject({ detail: { severity: [{ numeric: ['>=', 7] }] } });
  } finally {
    await organization.close();
  }
});

test('a detector that is there already is adopted; one that appeared meanwhile is told, and adopted next time', async () => {
  const organization = await TestOrganization.start();
  try {
    await organization.bootstrap();
    await organization.securityStack();
    const administrator = await asAdministrator(organization.sandbox, member);
    await new GuardDutyClient({ ...administrator, region: 'eu-west-1' }).send(
      new CreateDetectorCommand({ Enable: true }),
    );
    const cell = { accountId: member, region: 'eu-west-1' };
    const first = await organization.instances();
    expect(first.filter(({ outcome }) => outcome !== 'done')).toEqual([
      expect.objectContaining({ ...cell, outcome: 'failed', remedy: expect.stringContaining('adopts') }),
    ]);
    const adopting = { detectors: { adopted: [cell] } };
    expect((await organization.instances(adopting)).filter(({ outcome }) => outcome !== 'unchanged')).toEqual([
      expect.objectContaining({ ...cell, action: 'delete', outcome: 'done' }),
    ]);
    const last = await organization.instances(adopting);
    expect(last).toContainEqual(expect.objectContaining({ ...cell, action: 'adopted', outcome: 'unchanged' }));
  } finally {
    await organization.close();
  }
});

test('a run that was killed leaves work under way: the next one waits for it and finds nothing left', async () => {
  const organization = await TestOrganization.start();
  try {
    await organization.bootstrap();
    await organization.securityStack();
    const { client } = organization.target(await organization.operator(), security);
    const { detectors } = desiredOf(organization.model);
    await client.send(
      new CreateStackInstancesCommand({
        StackSetName: detectors.stackSet,
        Accounts: [...organization.model.accountIds],
        Regions: [...organization.model.regions],
      }),
    );
    const { outcomes } = await reconcileStackSet(detectors, { client, host: organization.host }, preferences);
    expect(outcomes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    expect(organization.messages).toContainEqual(expect.objectContaining({ code: 'stackset.operation.waiting' }));
  } finally {
    await organization.close();
  }
});

test('a stack whose first creation failed says why, and is created once the cause is gone', async () => {
  const organization = await TestOrganization.start();
  try {
    // The execution roles' trust needs the administration roles, which are not there yet.
    await expect(organization.deploy('garrison-execution-member', member)).rejects.toMatchObject({
      code: 'stack.failed',
      message: expect.stringMatching(/Invalid principal in policy/),
      place: { accountId: member, region: 'us-east-1' },
    });
    const outcomes = await organization.bootstrap();
    expect(outcomes.at(-1)).toMatchObject({ accountId: member, outcome: 'created' });
  } finally {
    await organization.close();
  }
});

test('removal takes instances out, and can leave detectors on', async () => {
  const organization = await TestOrganization.start();
  try {
    await organization.bootstrap();
    await organization.securityStack();
    await organization.instances();
    const cells = { cells: [] };
    await organization.instances({ detectors: { ...cells, removal: 'retain' }, eventRules: cells, memberRoles: cells });
    const operator = organization.target(await organization.operator(), security);
    expect((await observeStackSet('garrison-detectors', operator.client)).instances).toEqual([]);
    const administrator = await asAdministrator(organization.sandbox, member);
    const guard = new GuardDutyClient({ ...administrator, region: 'eu-west-1' });
    expect((await guard.send(new ListDetectorsCommand({}))).DetectorIds).toHaveLength(1);
    await deleteStack('garrison-security', operator, organization.host);
    expect((await observeStackSet('garrison-detectors', operator.client)).exists).toBe(false);
  } finally {
    await organization.close();
  }
});
