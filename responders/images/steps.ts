import { closedGroup, moveInterface } from '../groups/closedGroup';
import type { Step } from '../plan';
import type { InstanceFacts, LaunchFacts } from '../unapproved-image';

const gone = ['InvalidInstanceID.NotFound'];

/** Terminates instances. Nothing brings them back. */
export function terminateSteps(instances: readonly InstanceFacts[], region: string): Step[] {
  const InstanceIds = instances.map(({ id }) => id);
  return [
    {
      service: 'ec2',
      region,
      operation: 'TerminateInstances',
      does: `terminates ${InstanceIds.join(', ')}`,
      input: { InstanceIds },
      stale: gone,
    },
  ];
}

/** Stops instances; undone, they run again. */
export function stopSteps(instances: readonly InstanceFacts[], region: string): Step[] {
  const InstanceIds = instances.filter(({ state }) => state !== 'stopped' && state !== 'stopping').map(({ id }) => id);
  const call = { service: 'ec2', region, input: { InstanceIds } } as const;
  return InstanceIds.length === 0
    ? []
    : [
        {
          ...call,
          operation: 'StopInstances',
          does: `stops ${InstanceIds.join(', ')}`,
          stale: gone,
          // An instance that is still starting cannot be stopped yet.
          passes: ['IncorrectInstanceState'],
          undo: [
            {
              ...call,
              operation: 'StartInstances',
              does: `starts ${InstanceIds.join(', ')} again`,
              passes: ['IncorrectInstanceState'],
            },
          ],
        },
      ];
}

/** Takes snapshots, then moves every network interface to the closed group of its VPC. */
export function isolateSteps({ instances, closed }: LaunchFacts, region: string): Step[] {
  const vpcs = [...new Set(instances.map(({ vpcId }) => vpcId))];
  const groups = new Map(vpcs.map((vpcId) => [vpcId, closedGroup(vpcId, region, closed[vpcId])]));
  const isOpen = ({ vpcId, interfaces }: InstanceFacts) =>
    interfaces.some(({ groups: own }) => own.length !== 1 || own[0] !== closed[vpcId]?.id);
  const open = instances.filter(isOpen);
  const snapshots = open.map(
    ({ id }): Step => ({
      service: 'ec2',
      region,
      operation: 'CreateSnapshots',
      does: `takes snapshots of the volumes of ${id}`,
      input: {
        InstanceSpecification: { InstanceId: id },
        Description: `Garrison: ${id} before it was isolated`,
        CopyTagsFromSource: 'volume',
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'garrison', Value: 'evidence' }] }],
      },
      goOn: true,
    }),
  );
  const moves = open.flatMap(({ vpcId, interfaces }) =>
    interfaces.map((own) => moveInterface(own, [groups.get(vpcId)?.id], region)),
  );
  return open.length === 0 ? [] : [...snapshots, ...[...groups.values()].flatMap(({ steps }) => steps), ...moves];
}
