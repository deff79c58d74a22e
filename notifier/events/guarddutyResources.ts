import type { Fact, FactName, Subject } from '../alert';
import { at, list, text, texts } from './read';

/** Every part of a finding's `resource` that names something, the one that the finding is about first. */
export function readResources(resource: unknown): readonly Subject[] {
  const about = text(resource, 'resourceType');
  const found = readers.flatMap(({ kinds, read }) => read(resource).map((subject) => ({ kinds, subject })));
  const first = found.filter(({ kinds }) => about !== undefined && kinds.includes(about));
  const others = found.filter((entry) => !first.includes(entry));
  const subjects = [...first, ...others].map(({ subject }) => subject);
  return subjects.length > 0 || about === undefined || about === 'AttackSequence'
    ? subjects
    : [{ kind: about, name: '', facts: [] }];
}

type MaybeFact = readonly [FactName, string | undefined];

/** Drops the facts that are absent. */
export function facts(...pairs: MaybeFact[]): readonly Fact[] {
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

interface ResourceReader {
  /** Values of `resourceType` that mean this part. */
  readonly kinds: readonly string[];
  readonly read: (resource: unknown) => readonly Subject[];
}

const readers: readonly ResourceReader[] = [
  { kinds: ['S3Bucket'], read: (resource) => list(resource, 's3BucketDetails').flatMap(bucket) },
  { kinds: ['S3Object'], read: (resource) => list(resource, 's3BucketDetails').flatMap(objects) },
  { kinds: ['EKSCluster', 'KubernetesCluster'], read: (resource) => cluster(resource) },
  { kinds: ['ECSCluster'], read: (resource) => ecsCluster(at(resource, 'ecsClusterDetails')) },
  { kinds: ['Container'], read: (resource) => container(at(resource, 'containerDetails')) },
  { kinds: ['Lambda'], read: (resource) => lambda(at(resource, 'lambdaDetails')) },
  { kinds: ['RDSDBInstance'], read: database },
  { kinds: ['RDSLimitlessDB'], read: limitlessDatabase },
  { kinds: ['EBSSnapshot', 'EBSVolume', 'EC2Image', 'RecoveryPoint'], read: storage },
  { kinds: ['Instance'], read: (resource) => instance(at(resource, 'instanceDetails')) },
  { kinds: ['AccessKey'], read: (resource) => accessKey(at(resource, 'accessKeyDetails')) },
];

function named(kind: string, name: string | undefined, ...pairs: MaybeFact[]): readonly Subject[] {
  return name === undefined ? [] : [{ kind, name, facts: facts(...pairs) }];
}

function instance(details: unknown): readonly Subject[] {
  const id = text(details, 'instanceId');
  const name = tagNamed(details, 'Name');
  const network = at(details, 'networkInterfaces', 0);
  return named(
    'Instance',
    id !== undefined && name !== undefined ? `${id} (${name})` : id,
    ['instanceType', text(details, 'instanceType')],
    ['image', text(details, 'imageId')],
    ['publicAddress', text(network, 'publicIp')],
    ['privateAddress', text(network, 'privateIpAddress')],
    ['vpc', text(network, 'vpcId')],
  );
}

function tagNamed(details: unknown, key: string): string | undefined {
  return text(
    list(details, 'tags').find((tag) => text(tag, 'key') === key),
    'value',
  );
}

/** The principal whose credentials were used: `accessKeyDetails`. */
export function accessKey(details: unknown): readonly Subject[] {
  const user = text(details, 'userName');
  return named(
    text(details, 'userType') ?? 'AccessKey',
    user ?? text(details, 'principalId') ?? text(details, 'accessKeyId'),
    ['accessKey', text(details, 'accessKeyId')],
  );
}

function bucket(details: unknown): readonly Subject[] {
  return named('S3Bucket', text(details, 'name'), ['access', text(details, 'publicAccess', 'effectivePermission')]);
}

function objects(details: unknown): readonly Subject[] {
  return list(details, 's3ObjectDetails').flatMap((object) =>
    named('S3Object', text(object, 'objectArn') ?? text(object, 'key')),
  );
}

function cluster(resource: unknown): readonly Subject[] {
  const workload = at(resource, 'kubernetesDetails', 'kubernetesWorkloadDetails');
  return named(
    'EKSCluster',
    text(resource, 'eksClusterDetails', 'name'),
    ['namespace', text(workload, 'namespace')],
    ['workload', slashed(text(workload, 'type'), text(workload, 'name'))],
    ['container', text(workload, 'containers', 0, 'image')],
    ['vpc', text(resource, 'eksClusterDetails', 'vpcId')],
  );
}

function ecsCluster(details: unknown): readonly Subject[] {
  return named(
    'ECSCluster',
    text(details, 'name') ?? text(details, 'arn'),
    ['task', text(details, 'taskDetails', 'definitionArn') ?? text(details, 'taskDetails', 'arn')],
    ['container', text(details, 'taskDetails', 'containers', 0, 'image')],
  );
}

function container(details: unknown): readonly Subject[] {
  return named('Container', text(details, 'name') ?? text(details, 'id'), ['image', text(details, 'image')]);
}

function lambda(details: unknown): readonly Subject[] {
  return named('Lambda', text(details, 'functionName') ?? text(details, 'functionArn'));
}

function database(resource: unknown): readonly Subject[] {
  const details = at(resource, 'rdsDbInstanceDetails');
  return named(
    'RDSDBInstance',
    text(details, 'dbInstanceIdentifier') ?? text(details, 'dbInstanceArn'),
    ['engine', slashed(text(details, 'engine'), text(details, 'engineVersion'), ' ')],
    ['database', text(resource, 'rdsDbUserDetails', 'database')],
  );
}

function limitlessDatabase(resource: unknown): readonly Subject[] {
  const details = at(resource, 'rdsLimitlessDbDetails');
  return named('RDSLimitlessDB', text(details, 'dbShardGroupIdentifier'), ['engine', text(details, 'engine')]);
}

function storage(resource: unknown): readonly Subject[] {
  return [
    ...named('EBSSnapshot', text(resource, 'ebsSnapshotDetails', 'snapshotArn')),
    ...named('EC2Image', text(resource, 'ec2ImageDetails', 'imageArn')),
    ...named('RecoveryPoint', text(resource, 'recoveryPointDetails', 'recoveryPointArn')),
    ...list(resource, 'ebsVolumeDetails', 'scannedVolumeDetails').flatMap((volume) =>
      named('EBSVolume', text(volume, 'volumeArn')),
    ),
  ];
}

/** The actor that a finding names: database user, Kubernetes user, or the principal behind the access key. */
export function readActor(resource: unknown): Subject | undefined {
  const databaseUser = at(resource, 'rdsDbUserDetails');
  const kubernetesUser = at(resource, 'kubernetesDetails', 'kubernetesUserDetails');
  return [
    ...named('DatabaseUser', text(databaseUser, 'user'), ['session', text(databaseUser, 'application')]),
    ...named('KubernetesUser', text(kubernetesUser, 'username'), [
      'session',
      texts(kubernetesUser, 'groups').join(', ') || undefined,
    ]),
    ...accessKey(at(resource, 'accessKeyDetails')),
  ][0];
}

function slashed(first: string | undefined, second: string | undefined, separator = '/'): string | undefined {
  return first === undefined || second === undefined ? (first ?? second) : `${first}${separator}${second}`;
}
