import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Tags } from '../../common/tags';
import { isStranger } from '../../core/strangers';
import { ec2Error, missingParameter } from '../errors';
import { newId } from '../ids';
import { imageToLaunch } from '../images/access';
import type { Image } from '../images/model';
import { tagsOf } from '../specifications';
import type { NetworkInterface, Place } from '../state';
import { addDisks, disksFor } from './disks';
import type { Instance } from './model';
import { checkCounts, checkType, type Order, resolveOrder } from './order';
import { connect, type Placed, place as placeOf } from './placement';
import { findProfile } from './profiles';
import { reservationsOf } from './shapes';
import { move } from './transitions';

/** Types of what a launch makes and may tag. */
const made = ['instance', 'volume', 'network-interface', 'elastic-gpu', 'spot-instances-request'];

/** Everything about a launch, checked. */
interface Launch {
  readonly order: Order;
  readonly image: Image;
  readonly placed: Placed;
  readonly profile: Instance['profile'];
  readonly reservationId: string;
  readonly requesterId?: string;
  readonly now: Date;
}

/** AWS's own tags say from which template an instance comes. */
function originTags({ origin }: Order): [string, string][] {
  return origin
    ? [
        ['aws:ec2launchtemplate:id', origin.id],
        ['aws:ec2launchtemplate:version', origin.version],
      ]
    : [];
}

function metadataOf({ MetadataOptions }: Order, image: Image): Instance['metadata'] {
  return {
    HttpTokens: MetadataOptions?.HttpTokens ?? (image.imdsSupport === 'v2.0' ? 'required' : 'optional'),
    HttpPutResponseHopLimit: MetadataOptions?.HttpPutResponseHopLimit ?? (image.imdsSupport === 'v2.0' ? 2 : 1),
    HttpEndpoint: MetadataOptions?.HttpEndpoint ?? 'enabled',
    HttpProtocolIpv6: MetadataOptions?.HttpProtocolIpv6 ?? 'disabled',
    InstanceMetadataTags: MetadataOptions?.InstanceMetadataTags ?? 'disabled',
  };
}

/** What an instance takes from its image. */
function imageFacts(image: Image) {
  const { architecture, windows, platformDetails, virtualization, rootDeviceName } = image;
  return { imageId: image.id, architecture, windows, platformDetails, virtualization, rootDeviceName };
}

/** What an instance takes from the request, or has where the request says nothing. */
function orderFacts(order: Order) {
  return {
    clientToken: order.ClientToken,
    keyName: order.KeyName,
    placement: order.Placement ?? {},
    tenancy: order.Placement?.Tenancy ?? 'default',
    lifecycle: order.InstanceMarketOptions?.MarketType === 'spot' ? ('spot' as const) : undefined,
    hibernation: order.HibernationOptions?.Configured ?? false,
    type: checkType(order.InstanceType ?? 'm1.small'),
    monitoring: order.Monitoring?.Enabled ?? false,
    userData: order.UserData,
    ebsOptimized: order.EbsOptimized ?? false,
    terminationProtected: order.DisableApiTermination ?? false,
    stopProtected: order.DisableApiStop ?? false,
    shutdownBehavior: order.InstanceInitiatedShutdownBehavior ?? 'stop',
    tags: new Map([...tagsOf(order.TagSpecifications, 'instance', made), ...originTags(order)]),
  };
}

function newInstance(launch: Launch, launchIndex: number, first: NetworkInterface | undefined, id: string): Instance {
  const { order, image, placed, reservationId, requesterId, profile, now } = launch;
  const [wanted] = placed.wanted;
  return {
    id,
    reservationId,
    requesterId,
    launchIndex,
    ...imageFacts(image),
    ...orderFacts(order),
    zone: placed.zone,
    subnetId: wanted?.subnet.id ?? '',
    vpcId: wanted?.subnet.vpcId ?? '',
    address: first?.address ?? '',
    publicAddress: first?.publicAddress,
    launchedAt: now,
    profile,
    metadata: metadataOf(order, image),
    state: 'pending',
    stateReason: { Code: 'pending', Message: 'pending' },
    transitionReason: '',
    changes: 0,
  };
}

function launchOne(at: Place, launch: Launch, index: number): Instance {
  const { cell, ec2 } = at;
  const { order, image, placed, now } = launch;
  const id = newId('i');
  const interfaceTags: Tags = tagsOf(order.TagSpecifications, 'network-interface', made);
  const [first] = connect(cell, placed, id, now, interfaceTags);
  const instance = newInstance(launch, index, first, id);
  cell.instances.set(id, instance);
  const tags = tagsOf(order.TagSpecifications, 'volume', made);
  addDisks(cell, disksFor(cell, image, order.BlockDeviceMappings), {
    instanceId: id,
    zone: placed.zone,
    now,
    tags,
    partition: ec2.world.partition,
  });
  move(ec2, cell, instance, 'pending', 'running');
  return instance;
}

/** Suites of other projects name key pairs in their templates that nobody has made. */
function checkKey(order: Order, { cell, context }: Place): void {
  const { KeyName } = order;
  if (context.via === 'cloudformation.amazonaws.com' && isStranger(context)) {
    return;
  }
  if (KeyName !== undefined && ![...cell.keyPairs.values()].some((pair) => pair.name === KeyName)) {
    throw ec2Error('InvalidKeyPair.NotFound', `The key pair '${KeyName}' does not exist`);
  }
}

/** An image may be named by a parameter that holds its id. */
async function imageIdOf(text: string, { ec2, cell, context }: Place): Promise<string> {
  const [, Name] = /^resolve:ssm:(.+)$/.exec(text) ?? [];
  if (Name === undefined) {
    return text;
  }
  const as = { caller: context.caller, region: cell.site.region, accountId: cell.site.accountId };
  const found = await ec2.world.call<{ Parameters: { Value: string }[] }>(
    'ssm',
    'GetParameters',
    { Names: [Name] },
    as,
  );
  const [parameter] = found.Parameters;
  if (!parameter) {
    throw ec2Error('InvalidParameterValue', `Unable to resolve the SSM parameter ${Name}.`);
  }
  return parameter.Value;
}

/** The same token again: what it made the first time, unless it asks for something else now. */
function repeated(input: RunInstancesRequest, { cell }: Place): Instance[] | undefined {
  const before = cell.tokens.get(`RunInstances/${input.ClientToken}`);
  if (!input.ClientToken || !before) {
    return undefined;
  }
  if (before.request !== JSON.stringify(input)) {
    const message = 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).';
    throw ec2Error('IdempotentParameterMismatch', message);
  }
  return before.ids.flatMap((id) => cell.instances.get(id) ?? []);
}

/**
 * Launches instances.
 *
 * @throws ServiceError in EC2's words; nothing is made then
 */
export async function runInstances(input: RunInstancesRequest, at: Place) {
  const { cell, ec2 } = at;
  const known = repeated(input, at);
  if (known) {
    return reservationsOf(known, cell)[0];
  }
  const order = resolveOrder(cell, input);
  const count = checkCounts(order);
  if (!order.ImageId) {
    throw missingParameter('ImageId');
  }
  checkType(order.InstanceType ?? 'm1.small');
  tagsOf(order.TagSpecifications, 'instance', made);
  const image = imageToLaunch(ec2, cell, await imageIdOf(order.ImageId, at));
  checkKey(order, at);
  const placed = placeOf(cell, order);
  disksFor(cell, image, order.BlockDeviceMappings);
  const profile = await findProfile(at, order.IamInstanceProfile);
  const { via } = at.context;
  const requesterId = via === undefined ? undefined : '940372691376';
  const launch: Launch = {
    order,
    image,
    placed,
    profile,
    reservationId: newId('r'),
    requesterId,
    now: ec2.world.now(),
  };
  const instances = Array.from({ length: count }, (_, index) => launchOne(at, launch, index));
  if (input.ClientToken) {
    const ids = instances.map(({ id }) => id);
    cell.tokens.set(`RunInstances/${input.ClientToken}`, { request: JSON.stringify(input), ids });
  }
  return reservationsOf(instances, cell)[0];
}
