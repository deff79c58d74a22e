import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { at } from '../../notifier/events/read';
import { respondersFor } from '../../responders/catalog';
import { Local, recordOf } from './local';
import { memberId } from './responding';
import { enforcing, type Scenario, scenarios } from './scenarios';

let local: Local;

beforeAll(async () => {
  local = await Local.start(enforcing);
});

afterAll(() => local?.close());

/** Runs a scenario and gives the calls that the responder made on the way, in the member account. */
async function callsOf(scenario: Scenario): Promise<{ service: string; operation: string }[]> {
  const trigger = await scenario(local);
  local.sandbox.clearCalls();
  await local.respondUntilDone(trigger);
  expect((await recordOf(local, trigger)).outcome).toBe('acted');
  return local.sandbox
    .calls()
    .filter(({ account, caller }) => account === memberId && caller.includes('GarrisonResponder'))
    .map(({ service, operation }) => ({ service, operation }));
}

test('where the closed group cannot be made the rules are revoked all the same, and the rest is told of', async () => {
  const trigger = await (scenarios['quarantine, an interface attached'] as Scenario)(local);
  const fault = {
    service: 'ec2',
    operation: 'CreateSecurityGroup',
    kind: 'error',
    code: 'UnauthorizedOperation',
  } as const;
  local.sandbox.faults.add({ ...fault, status: 403 });
  await local.respondUntilDone(trigger);
  local.sandbox.faults.clear();
  const { outcome, after, undo } = await recordOf(local, trigger);
  expect({ outcome, after }).toMatchObject({ outcome: 'partly', after: { ingress: [] } });
  expect(undo).toHaveLength(1);
  expect(local.toldOf(trigger)[0]?.text).toMatch(/Not done:.*UnauthorizedOperation[\s\S]*Not tried after that/);
});

describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
  let calls: { service: string; operation: string }[];

  beforeAll(async () => {
    calls = await callsOf(scenario);
  });

  afterEach(() => local.sandbox.faults.clear());

  test('acts, and tells it once', async () => {
    const trigger = await scenario(local);
    await local.respondUntilDone(trigger);
    await local.respondUntilDone(trigger);
    expect(local.toldOf(trigger)).toMatchObject([{ text: expect.stringContaining(' acted.') }]);
  });

  test('every refusal on the way ends in a report that names it', async () => {
    for (const { service, operation } of calls) {
      const code = service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDeniedException';
      const trigger = await scenario(local);
      local.sandbox.faults.add({
        service,
        operation,
        kind: 'error',
        code,
        status: 403,
        message: 'You are not authorized.',
      });
      await local.respondUntilDone(trigger);
      local.sandbox.faults.clear();
      const { outcome } = await recordOf(local, trigger);
      const told = local.toldOf(trigger);
      expect(told).toHaveLength(1);
      // What is beside the point, asked afterwards only, or there already may fail without stopping the rest.
      if (
        !['GetAllowedImagesSettings', 'GetDetector', 'CreateSecurityGroup', 'RevokeSecurityGroupEgress'].includes(
          operation,
        )
      ) {
        expect({ operation, outcome }).toEqual({ operation, outcome: expect.stringMatching(/failed|partly/) });
        expect(told[0]?.text).toContain(
          operation.startsWith('Get') || /^(List|Describe)/.test(operation) ? operation : code,
        );
      }
    }
  });

  test('a service that throttles is asked again later, and then it is done', async () => {
    for (const { service, operation } of calls) {
      const trigger = await scenario(local);
      const code = service === 'ec2' ? 'RequestLimitExceeded' : service === 's3' ? 'SlowDown' : 'ThrottlingException';
      local.sandbox.faults.add({ service, operation, kind: 'error', code, status: 503, count: 1 });
      await local.respondUntilDone(trigger);
      local.sandbox.faults.clear();
      expect({ operation, ...(await recordOf(local, trigger)) }).toMatchObject({ operation, outcome: 'acted' });
    }
  });

  test('a service that throttles for hours is told of, and given up', async () => {
    const [{ service, operation } = { service: '', operation: '' }] = calls.filter(
      ({ operation: name }) => name !== 'GetAllowedImagesSettings',
    );
    const trigger = await scenario(local);
    local.sandbox.faults.add({ service, operation, kind: 'error', code: 'Throttling', status: 429 });
    await local.respondUntilDone(trigger, 60);
    expect(local.toldOf(trigger)).toMatchObject([
      { text: expect.stringContaining('has to wait') },
      { text: expect.stringContaining('could not do it') },
    ]);
  });
});

test('a role that cannot be assumed is told of, with what to look at', async () => {
  const trigger = await (scenarios.revoke as Scenario)(local);
  const elsewhere = { ...trigger, place: { ...trigger.place, accountId: '100000000001' } };
  await local.respondUntilDone(elsewhere);
  expect(local.toldOf(trigger)).toMatchObject([
    { text: expect.stringContaining('GarrisonResponder cannot be assumed') },
  ]);
});

test('what is in use, protected or gone is told of, with what to look at', async () => {
  const ec2 = local.client(EC2Client);
  const used = await (scenarios['quarantine, nothing attached'] as Scenario)(local);
  const [target] = respondersFor(used, local.settings)[0]?.targets(used) ?? [];
  const UserIdGroupPairs = [{ GroupId: target?.resource }];
  const other = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'user', Description: 'user' }));
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: other.GroupId, IpPermissions }));
  await local.respondUntilDone(used);
  expect((await recordOf(local, used)).outcome).toBe('partly');
  expect(local.toldOf(used)[0]?.text).toMatch(/DependencyViolation[\s\S]*Something still uses it/);

  const guarded = await (scenarios.terminate as Scenario)(local);
  const id = String(at(respondersFor(guarded, local.settings)[0]?.targets(guarded)[0]?.hints, 'instances', 0));
  const protection = { InstanceId: id, DisableApiTermination: { Value: true } };
  await ec2.send(new ModifyInstanceAttributeCommand(protection));
  await local.respondUntilDone(guarded);
  expect(local.toldOf(guarded)[0]?.text).toMatch(/could not do it[\s\S]*OperationNotPermitted/);

  const gone = await (scenarios.revoke as Scenario)(local);
  const group = respondersFor(gone, local.settings)[0]?.targets(gone)[0]?.resource;
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }));
  await local.respondUntilDone(gone);
  expect((await recordOf(local, gone)).outcome).toBe('gone');
  expect(local.toldOf(gone)[0]?.text).toContain('it is gone');
});
