import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import fc from 'fast-check';
import {
  type DesiredInstances,
  deleteStack,
  type ObservedInstance,
  type ObservedStack,
  type ObservedStackSet,
  planInstances,
  planStack,
  type StackInput,
} from '../../cloudformation';
import { digestOf, isProven, markedId } from '../../cloudformation/stackSets/marks';
import { keyOf } from '../../cloudformation/stackSets/plan';

const place = { accountId: '100000000002', region: 'us-east-1' };
const queue = (properties: Record<string, unknown>, more = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
});
const input = (resources: Record<string, unknown>, more: Partial<StackInput> = {}): StackInput => ({
  stackName: 'garrison-security',
  templateBody: JSON.stringify({ Resources: resources }),
  ...more,
});
const standing = (resources: Record<string, unknown>, more: Partial<ObservedStack> = {}): ObservedStack => ({
  stackId: 'id',
  status: 'CREATE_COMPLETE',
  parameters: {},
  tags: {},
  outputs: {},
  template: { Resources: resources } as ObservedStack['template'],
  ...more,
});

describe('the plan of a stack', () => {
  test('is to create what is not there, or was only reviewed', () => {
    const desired = input({ A: queue({}) });
    const expected = { action: 'create', resources: [{ logicalId: 'A', type: 'AWS::SQS::Queue', change: 'add' }] };
    expect(planStack(desired, undefined, place)).toMatchObject(expected);
    expect(planStack(desired, standing({}, { status: 'REVIEW_IN_PROGRESS' }), place)).toMatchObject(expected);
  });

  test.each(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'])(
    'is to recreate what a failed creation left in %s',
    (status) => {
      expect(planStack(input({ A: queue({}) }), standing({ A: queue({}) }, { status }), place).action).toBe('recreate');
    },
  );

  test('is nothing when only the order of members or the notes of tools differ', () => {
    const observed = standing({
      A: queue({ Two: 2, One: 1 }, { Metadata: { 'aws:cdk:path': 'x' } }),
      CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: {} },
    });
    const desired = input({ A: queue({ One: 1, Two: 2 }) });
    expect(planStack(desired, observed, place)).toMatchObject({ action: 'none', resources: [] });
  });

  test('names the properties that differ, what goes, and what stays behind', () => {
    const observed = standing({
      A: queue({ DelaySeconds: 1 }),
      B: queue({}),
      C: queue({}, { DeletionPolicy: 'Retain' }),
    });
    expect(planStack(input({ A: queue({ DelaySeconds: 2 }) }), observed, place)).toMatchObject({
      action: 'update',
      resources: [
        { logicalId: 'A', change: 'modify', properties: ['DelaySeconds'] },
        { logicalId: 'B', change: 'remove' },
        { logicalId: 'C', change: 'remove', retained: true },
      ],
    });
  });

  test("says in words what a role's policies gain and lose", () => {
    const role = (actions: string[], trusts: string) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: trusts } }],
        },
        Policies: [
          { PolicyDocument: { Statement: [{ Sid: 'Queues', Effect: 'Allow', Action: actions, Resource: '*' }] } },
        ],
      },
    });
    const plan = planStack(
      input({ R: role(['sqs:A', 'sqs:B'], 'x') }),
      standing({ R: role(['sqs:B', 'sqs:C'], 'y') }),
      place,
    );
    expect(plan.resources[0]?.policies).toEqual([
      '~ trust statement 1: Principal {"AWS":"y"} → {"AWS":"x"}',
      '+ policy Queues: sqs:A',
      '- policy Queues: sqs:C',
    ]);
  });

  test('is to update when a parameter, or an output, differs', () => {
    const same = { A: queue({}) };
    expect(
      planStack(input(same, { parameters: { P: 'new' } }), standing(same, { parameters: { P: 'old' } }), place),
    ).toMatchObject({ action: 'update', parameters: ['P'] });
    const outputs = {
      stackName: 's',
      templateBody: JSON.stringify({ Resources: same, Outputs: { O: { Value: '1' } } }),
    };
    expect(planStack(outputs, standing(same), place).action).toBe('update');
  });
});

const accounts = ['100000000001', '100000000002', '100000000003'];
const regions = ['eu-west-1', 'us-east-1'];
const everywhere = accounts.flatMap((accountId) => regions.map((region) => ({ accountId, region })));
const desired = (more: Partial<DesiredInstances> = {}): DesiredInstances => ({
  stackSet: 'garrison-detectors',
  cells: everywhere,
  ...more,
});
const instance = (accountId: string, region: string, more: Partial<ObservedInstance> = {}): ObservedInstance => ({
  accountId,
  region,
  status: 'CURRENT',
  detailedStatus: 'SUCCEEDED',
  stackId: 'arn',
  ...more,
});
const observed = (instances: readonly ObservedInstance[] = []): ObservedStackSet => ({
  stackSet: 'garrison-detectors',
  exists: true,
  running: [],
  instances,
});
const all = everywhere.map(({ accountId, region }) => instance(accountId, region));

describe('the plan of stack instances', () => {
  test('creates all of them in one operation', () => {
    expect(planInstances(desired(), observed()).operations).toEqual([
      { kind: 'create', accountIds: accounts, regions },
    ]);
  });

  test('is empty when all stand', () => {
    const plan = planInstances(desired(), observed(all));
    expect(plan.operations).toEqual([]);
    expect(plan.cells.every(({ action }) => action === 'none')).toBe(true);
  });

  test('tries again what failed, with the reason it failed for', () => {
    const failed = instance('100000000003', 'us-east-1', {
      status: 'OUTDATED',
      detailedStatus: 'FAILED',
      reason: 'explicit deny in a service control policy',
      stackId: undefined,
    });
    const plan = planInstances(desired(), observed([...all.filter((one) => keyOf(one) !== keyOf(failed)), failed]));
    expect(plan.operations).toEqual([{ kind: 'update', accountIds: ['100000000003'], regions: ['us-east-1'] }]);
    expect(plan.cells.find((cell) => keyOf(cell) === keyOf(failed))).toMatchObject({
      reason: expect.stringContaining('service control policy'),
      remedy: expect.stringContaining('exempt'),
    });
  });

  test('does not touch what is blocked, and says why', () => {
    const blocked = { accountId: '100000000003', region: 'us-east-1', reason: 'Not enabled.', remedy: 'Enable it.' };
    const plan = planInstances(desired({ blocked: [blocked] }), observed());
    expect(plan.operations).toEqual([
      { kind: 'create', accountIds: ['100000000001', '100000000002'], regions },
      { kind: 'create', accountIds: ['100000000003'], regions: ['eu-west-1'] },
    ]);
    expect(plan.cells).toContainEqual({ ...blocked, action: 'blocked' });
  });

  test('adopts what is there by other means, and takes away the instance that failed to create it', () => {
    const cell = { accountId: '100000000003', region: 'us-east-1' };
    const failed = instance(cell.accountId, cell.region, {
      status: 'OUTDATED',
      detailedStatus: 'FAILED',
      stackId: undefined,
    });
    const plan = (instances: ObservedInstance[]) => planInstances(desired({ adopted: [cell] }), observed(instances));
    expect(plan([]).cells).toContainEqual({ ...cell, action: 'adopted' });
    expect(plan([failed]).cells).toContainEqual({ ...cell, action: 'delete', reason: expect.any(String) });
  });

  test('removes what is no longer wanted, or lets go of it', () => {
    const gone = instance('100000000009', 'us-east-1');
    const operation = { kind: 'delete', accountIds: ['100000000009'], regions: ['us-east-1'] };
    expect(planInstances(desired(), observed([...all, gone])).operations).toEqual([
      { ...operation, retainStacks: false },
    ]);
    expect(planInstances(desired({ removal: 'retain' }), observed([...all, gone])).operations).toEqual([
      { ...operation, retainStacks: true },
    ]);
  });

  test('gives accounts with parameters of their own an operation of their own', () => {
    const overrides = { '100000000002': { FindingPublishingFrequency: 'SIX_HOURS' } };
    expect(planInstances(desired({ overrides }), observed()).operations).toEqual([
      { kind: 'create', accountIds: ['100000000001', '100000000003'], regions },
      { kind: 'create', accountIds: ['100000000002'], regions, parameterOverrides: overrides['100000000002'] },
    ]);
  });

  test('updates an instance whose own parameters differ, also back to none', () => {
    const overridden = { ...observed(all), overrides: { '100000000002/us-east-1': { P: '1' } } };
    expect(planInstances(desired(), overridden).operations).toMatchObject([
      { kind: 'update', accountIds: ['100000000002'], regions: ['us-east-1'] },
    ]);
  });

  test('deletes what a failed deletion left, and creates it anew', () => {
    const inoperable = instance('100000000003', 'us-east-1', { status: 'INOPERABLE' });
    const where = { accountIds: ['100000000003'], regions: ['us-east-1'] };
    expect(
      planInstances(desired({ cells: [inoperable], removal: 'retain' }), observed([inoperable])).operations,
    ).toEqual([
      { kind: 'delete', ...where, retainStacks: false },
      { kind: 'create', ...where },
    ]);
  });

  test('covers every cell exactly once, whatever stands', () => {
    const states = fc.constantFrom('absent', 'current', 'outdated', 'blocked', 'adopted');
    fc.assert(
      fc.property(fc.array(states, { minLength: everywhere.length, maxLength: everywhere.length }), (chosen) => {
        const having = (state: string) => everywhere.filter((_, index) => chosen[index] === state);
        const plan = planInstances(
          desired({
            blocked: having('blocked').map((cell) => ({ ...cell, reason: 'r', remedy: 'm' })),
            adopted: having('adopted'),
          }),
          observed([
            ...having('current').map((cell) => instance(cell.accountId, cell.region)),
            ...having('outdated').map((cell) => instance(cell.accountId, cell.region, { status: 'OUTDATED' })),
          ]),
        );
        const touched = plan.operations.flatMap(({ accountIds, regions: inRegions }) =>
          accountIds.flatMap((accountId) => inRegions.map((region) => keyOf({ accountId, region }))),
        );
        const expected = [...having('absent'), ...having('outdated')].map(keyOf);
        expect([...touched].sort()).toEqual(expected.sort());
        expect(plan.cells).toHaveLength(everywhere.length);
      }),
    );
  });
});

test('a stack that is seen to stand for a moment after its deletion was accepted is waited for', async () => {
  const StackId = 'arn:aws:cloudformation:us-east-1:100000000002:stack/garrison-administration/1';
  const looks = ['CREATE_COMPLETE', 'CREATE_COMPLETE', 'CREATE_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE'];
  let deleted = false;
  const answers: Record<string, () => object> = {
    DescribeStacksCommand: () => {
      const status = deleted ? looks.shift() : looks[0];
      return { Stacks: [{ StackId, StackName: 'garrison-administration', StackStatus: status }] };
    },
    DeleteStackCommand: () => {
      deleted = true;
      return {};
    },
    DescribeStackEventsCommand: () => ({
      StackEvents:
        looks.length > 2 ? [] : [{ EventId: '1', Timestamp: new Date(), ResourceStatus: 'DELETE_IN_PROGRESS' }],
    }),
  };
  const client = { send: async (command: object) => answers[command.constructor.name]?.() } as CloudFormationClient;
  await deleteStack(
    'garrison-administration',
    { client, accountId: '100000000002', region: 'us-east-1' },
    { emit() {} },
  );
  expect(looks).toEqual([]);
});

describe('what a history proves', () => {
  const cells = ['100000000011', '100000000012'].map((accountId) => ({ accountId, region: 'eu-west-1' }));
  const digest = digestOf([...cells].reverse());
  const done = (OperationId: string, failed = 0, Action: 'CREATE' | 'DETECT_DRIFT' = 'CREATE') =>
    ({ OperationId, Action, Status: 'SUCCEEDED', StatusDetails: { FailedStackInstancesCount: failed } }) as const;
  const marked = markedId(digest, 'before');

  test('the newest operation is ours, follows the one that it was begun after, and nothing failed in it', () => {
    expect(isProven(digest, [done(marked), done('before')])).toBe(true);
    expect(isProven(digestOf(cells), [done('drift', 1, 'DETECT_DRIFT'), done(marked), done('before')])).toBe(true);
    expect(isProven(digest, [done(markedId(digest, undefined))])).toBe(true);
  });

  test.each([
    ['somebody else changed something since', [done('theirs'), done(marked), done('before')]],
    ['somebody else was faster when it began', [done(marked), done('theirs'), done('before')]],
    ['an instance failed in it', [done(marked, 1), done('before')]],
    ['the history does not reach that far', [done(marked)]],
    ['it left something else', [done(markedId(digestOf(cells.slice(1)), 'before')), done('before')]],
    ['there is no history', []],
  ])('not where %s', (_, newestFirst) => {
    expect(isProven(digest, newestFirst)).toBe(false);
  });
});
