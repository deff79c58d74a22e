import type { Image, Instance, Reservation } from '@aws-sdk/client-ec2';
import { list, text, texts } from '../notifier/events/read';
import type { ClosedGroup, Interface } from './groups/closedGroup';
import { approvalOf } from './images/approval';
import { isolateSteps, stopSteps, terminateSteps } from './images/steps';
import { closedGroupIn } from './opened-security-group';
import type { Json } from './plan';
import { readAll, unless } from './read';
import { type Decision, defineResponder, type Look, type Question, type Target } from './responder';
import type { Trigger } from './trigger';
import { tagsOf } from './wildcard';

/** An instance as far as it matters here. */
export interface InstanceFacts {
  readonly id: string;
  readonly state: string;
  readonly vpcId: string;
  readonly interfaces: readonly Interface[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The image of a launch, and the instances that were launched from it. */
export interface LaunchFacts {
  /** Absent when the account does not see it any more. */
  readonly image?: Image;
  readonly imageId: string;
  readonly instances: readonly InstanceFacts[];
  readonly closed: Readonly<Record<string, ClosedGroup>>;
  /** EC2's own setting Allowed AMIs: `disabled`, `audit-mode` or `enabled`; absent where it could not be read. */
  readonly allowedImages?: string;
}

/** Instances from an image that nobody approved: also those that Auto Scaling and fleets launch. */
export const unapprovedImage = defineResponder<LaunchFacts>({
  id: 'unapproved-image',
  title: 'Unapproved image',
  meaning: 'Instances were launched from an image that is on no allow list, whoever launched them.',
  detections: ['unapproved-image'],
  // Every launch: the detection knows ids only, and the lists here know owners, names and tags.
  events: {
    inPlace: true,
    mark: {
      id: 'unapproved-image',
      title: 'An instance runs from an image that is not approved',
      severity: 'medium',
      runbook: 'docs/detections.md#unapproved-image',
    },
    pattern: {
      'detail-type': [{ suffix: ' via CloudTrail' }],
      detail: { eventSource: ['ec2.amazonaws.com'], eventName: ['RunInstances'], errorCode: [{ exists: false }] },
    },
  },
  findingTypes: [],
  strategies: {
    terminate: 'terminates the instances, which cannot be undone',
    stop: 'stops the instances',
    isolate: 'takes snapshots of their volumes and moves their network interfaces to a closed group',
  },
  statements: ({ partition, accountId, region }) => {
    const here = (resource: string) => `arn:${partition}:ec2:${region}:${accountId}:${resource}/*`;
    const snapshot = `arn:${partition}:ec2:${region}::snapshot/*`;
    const actions = (...names: string[]) => names.map((name) => `ec2:${name}`);
    return [
      {
        Sid: 'ReadInstances',
        Effect: 'Allow',
        Action: actions(
          'DescribeInstances',
          'DescribeImages',
          'DescribeSecurityGroups',
          'DescribeSecurityGroupRules',
          'DescribeNetworkInterfaces',
          'GetAllowedImagesSettings',
        ),
        Resource: ['*'],
      },
      {
        Sid: 'EndInstances',
        Effect: 'Allow',
        Action: actions('TerminateInstances', 'StopInstances', 'StartInstances'),
        Resource: [here('instance')],
      },
      {
        Sid: 'Snapshots',
        Effect: 'Allow',
        Action: actions('CreateSnapshots'),
        Resource: [here('instance'), here('volume'), snapshot],
      },
      {
        Sid: 'IsolateInstances',
        Effect: 'Allow',
        Action: actions('ModifyNetworkInterfaceAttribute'),
        Resource: [here('network-interface'), here('security-group'), here('instance')],
      },
      {
        Sid: 'CloseGroup',
        Effect: 'Allow',
        Action: actions('CreateSecurityGroup', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'),
        Resource: [here('security-group'), here('security-group-rule'), here('vpc')],
      },
      {
        Sid: 'TagNew',
        Effect: 'Allow',
        Action: actions('CreateTags'),
        Resource: [here('security-group'), snapshot],
        Condition: { StringEquals: { 'ec2:CreateAction': ['CreateSecurityGroup', 'CreateSnapshots'] } },
      },
    ];
  },
  targets,
  observe,
  tags: ({ instances }) => commonTags(instances),
  decide,
  state: ({ instances }) =>
    Object.fromEntries(
      instances.map(({ id, state, interfaces }) => [
        id,
        {
          state: settled[state] ?? state,
          interfaces: Object.fromEntries(interfaces.map((each) => [each.id, [...each.groups].sort()])),
        },
      ]),
    ),
});

/** States on their way count as reached: what was stopped is to be found stopped. */
const settled: Readonly<Record<string, string>> = {
  pending: 'running',
  stopping: 'stopped',
  'shutting-down': 'terminated',
};

/** One target an image: a call that launches a hundred instances is one launch. */
function targets({ detail, name }: Trigger): Target[] {
  if (name !== 'RunInstances') {
    return [];
  }
  const byImage = new Map<string, string[]>();
  for (const instance of list(detail, 'responseElements', 'instancesSet', 'items')) {
    const [image, id] = [text(instance, 'imageId'), text(instance, 'instanceId')];
    if (image !== undefined && id !== undefined) {
      byImage.set(image, [...(byImage.get(image) ?? []), id]);
    }
  }
  return [...byImage].map(([resource, instances]) => ({ kind: 'Image', resource, hints: { instances } }));
}

async function observe({ resource, hints }: Target, look: Look): Promise<LaunchFacts | undefined> {
  const InstanceIds = texts(hints, 'instances');
  const read = <Element>(operation: string, input: Record<string, Json>, member: string) =>
    readAll<Element>(look, { service: 'ec2', operation, input }, member);
  // By filter: an instance that is gone already is no error then.
  const filter = { Filters: [{ Name: 'instance-id', Values: InstanceIds }] };
  const [reservations, images, allowed] = await Promise.all([
    read<Reservation>('DescribeInstances', filter, 'Reservations'),
    unless(read<Image>('DescribeImages', { ImageIds: [resource] }, 'Images'), [
      'InvalidAMIID.NotFound',
      'InvalidAMIID.Unavailable',
      'InvalidAMIID.Malformed',
    ]),
    look
      .read<{ State?: string }>({ service: 'ec2', operation: 'GetAllowedImagesSettings', input: {} })
      .catch(() => undefined),
  ]);
  // What the event says of an instance is not believed: EC2 says from which image it runs.
  const own = ({ ImageId }: Instance) => ImageId === resource;
  const instances = reservations.flatMap(({ Instances = [] }) => Instances.filter(own).map(instanceOf));
  const vpcs = [...new Set(instances.map(({ vpcId }) => vpcId).filter((id) => id !== ''))];
  const closed = await Promise.all(vpcs.map(async (id) => [id, await closedGroupIn(id, look)] as const));
  return {
    image: images?.[0],
    imageId: resource,
    instances,
    closed: Object.fromEntries(closed.flatMap(([id, group]) => (group ? [[id, group]] : []))),
    allowedImages: allowed?.State,
  };
}

function instanceOf({ InstanceId = '', State, VpcId = '', NetworkInterfaces = [], Tags }: Instance): InstanceFacts {
  return {
    id: InstanceId,
    state: State?.Name ?? 'unknown',
    vpcId: VpcId,
    interfaces: NetworkInterfaces.map(({ NetworkInterfaceId = '', Groups = [] }) => ({
      id: NetworkInterfaceId,
      groups: Groups.map(({ GroupId = '' }) => GroupId),
    })),
    tags: tagsOf(Tags),
  };
}

/** What is exempt must be so for every instance of the launch. */
function commonTags(instances: readonly InstanceFacts[]): Record<string, string> {
  const [first, ...others] = instances.filter(isThere);
  const entries = Object.entries(first?.tags ?? {});
  return Object.fromEntries(entries.filter(([key, value]) => others.every(({ tags }) => tags[key] === value)));
}

function isThere({ state }: InstanceFacts): boolean {
  return state !== 'terminated' && state !== 'shutting-down';
}

function decide(facts: LaunchFacts, { strategy, place, settings }: Question): Decision {
  const { image, imageId, allowedImages } = facts;
  const approval = approvalOf(imageId, image, settings.images, place.accountId);
  if (approval.approved) {
    return { kind: 'ignore', reasons: [approval.reason] };
  }
  const there = facts.instances.filter(isThere);
  if (there.length === 0) {
    return { kind: 'nothing', reasons: [approval.reason, 'its instances are terminated already'] };
  }
  const reasons = [
    approval.reason,
    `instances: ${there.map(({ id, state }) => `${id} (${state})`).join(', ')}`,
    ...launchers(there),
    `EC2's own setting Allowed AMIs is ${allowedImages ?? 'unknown'} here`,
  ];
  const steps = stepsFor(strategy, { ...facts, instances: there }, place.region);
  if (steps === undefined) {
    return { kind: 'notify', reasons, advice: ['terminate, stop or isolate the instances, or approve the image'] };
  }
  return steps.length === 0
    ? { kind: 'nothing', reasons: [...reasons, `nothing is left to ${strategy}`] }
    : { kind: 'act', reasons, steps };
}

function stepsFor(strategy: string, facts: LaunchFacts, region: string) {
  switch (strategy) {
    case 'terminate':
      return terminateSteps(facts.instances, region);
    case 'stop':
      return stopSteps(facts.instances, region);
    case 'isolate':
      return isolateSteps(facts, region);
    default:
      return undefined;
  }
}

/** Whoever launches again what was terminated has to be told. */
function launchers(instances: readonly InstanceFacts[]): string[] {
  const values = (key: string) => [...new Set(instances.flatMap(({ tags }) => tags[key] ?? []))];
  return [
    ...values('aws:autoscaling:groupName').map(
      (name) => `the Auto Scaling group ${name} launched them, and will again until its launch template is changed`,
    ),
    ...values('aws:ec2:fleet-id').map((id) => `the fleet ${id} launched them, and may again until it is changed`),
    ...values('aws:ec2spot:fleet-request-id').map((id) => `the Spot Fleet ${id} launched them, and may again`),
  ];
}
