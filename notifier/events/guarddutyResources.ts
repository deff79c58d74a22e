import type { Fact, FactName, Subject } from '../alert';
import { at, list, text } from './read';

type MaybeFact = readonly [FactName, string | undefined];

/** Drops the facts that are absent. */
export function facts(...pairs: MaybeFact[]): readonly Fact[] {
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/**
 * The parts of a finding's `resource` that name something. A row: kind, where it is (`*` for each element of a list),
 * members of which the first present is its name, and facts as `name=member`; a member that begins with `/` is looked
 * up from `resource` itself.
 */
const parts: readonly (readonly [kind: string, where: string, names: string, facts?: string])[] = [
  ['S3Object', 's3BucketDetails.*.s3ObjectDetails.*', 'objectArn key'],
  ['S3Bucket', 's3BucketDetails.*', 'name', 'access=publicAccess.effectivePermission'],
  [
    'EKSCluster',
    'eksClusterDetails',
    'name arn',
    'namespace=/kubernetesDetails.kubernetesWorkloadDetails.namespace workload=/kubernetesDetails.kubernetesWorkloadDetails.name container=/kubernetesDetails.kubernetesWorkloadDetails.containers.0.image vpc=vpcId',
  ],
  [
    'ECSCluster',
    'ecsClusterDetails',
    'name arn',
    'task=taskDetails.definitionArn container=taskDetails.containers.0.image',
  ],
  ['Container', 'containerDetails', 'name id', 'image=image'],
  ['Lambda', 'lambdaDetails', 'functionName functionArn'],
  [
    'RDSDBInstance',
    'rdsDbInstanceDetails',
    'dbInstanceIdentifier dbInstanceArn',
    'engine=engine database=/rdsDbUserDetails.database',
  ],
  ['RDSLimitlessDB', 'rdsLimitlessDbDetails', 'dbShardGroupIdentifier', 'engine=engine'],
  ['EBSSnapshot', 'ebsSnapshotDetails', 'snapshotArn'],
  ['EC2Image', 'ec2ImageDetails', 'imageArn'],
  ['RecoveryPoint', 'recoveryPointDetails', 'recoveryPointArn'],
  ['EBSVolume', 'ebsVolumeDetails.scannedVolumeDetails.*', 'volumeArn'],
  [
    'Instance',
    'instanceDetails',
    'instanceId',
    'instanceType=instanceType image=imageId publicAddress=networkInterfaces.0.publicIp privateAddress=networkInterfaces.0.privateIpAddress vpc=networkInterfaces.0.vpcId',
  ],
  ['Model', 'modelDetails.*', 'modelId'],
  [
    'BedrockGuardrail',
    'bedrockGuardrailDetails.guardrails.*',
    'arn guardrailArn',
    'outcome=/bedrockGuardrailDetails.contentPolicyFilters.0.action',
  ],
  ['AccessKey', 'accessKeyDetails', 'userName principalId accessKeyId', 'accessKey=accessKeyId'],
];

/** Those whom a finding may name as the actor, the most telling first. */
const actors: typeof parts = [
  ['DatabaseUser', 'rdsDbUserDetails', 'user', 'session=application'],
  ['KubernetesUser', 'kubernetesDetails.kubernetesUserDetails', 'username'],
  ['AccessKey', 'accessKeyDetails', 'userName principalId accessKeyId', 'accessKey=accessKeyId'],
];

/** Values of `resourceType` that mean a part of another name. */
const sameAs: Readonly<Record<string, string>> = { KubernetesCluster: 'EKSCluster' };

/**
 * Every part of a finding's `resource` that names something, the one that the finding is about first. Credentials that
 * the finding is not about are the actor's.
 */
export function readResources(resource: unknown): readonly Subject[] {
  const kind = text(resource, 'resourceType');
  const about = kind === undefined ? undefined : (sameAs[kind] ?? kind);
  const rows = parts.filter(([part]) => part !== 'AccessKey' || about === part || about === undefined);
  const ordered = [...rows.filter(([part]) => part === about), ...rows.filter(([part]) => part !== about)];
  const found = ordered.flatMap((row) => subjects(resource, row));
  return found.length > 0 || kind === undefined || kind === 'AttackSequence' ? found : [{ kind, name: '', facts: [] }];
}

/** The actor that a finding names: database user, Kubernetes user, or the principal behind the access key. */
export function readActor(resource: unknown): Subject | undefined {
  return actors.flatMap((row) => subjects(resource, row))[0];
}

function subjects(resource: unknown, [kind, where, names, described = '']: (typeof parts)[number]): readonly Subject[] {
  return elements(resource, where.split('.')).flatMap((part) => {
    const name = names
      .split(' ')
      .map((member) => text(part, member))
      .find(Boolean);
    const pairs = described.split(' ').map((pair): MaybeFact => {
      const [fact = '', member = ''] = pair.split('=');
      const holder = member.startsWith('/') ? resource : part;
      return [fact as FactName, text(holder, ...member.replace('/', '').split('.'))];
    });
    // An access key's principal is of a kind of its own: `IAMUser`, `AssumedRole`, `Root` …
    const shown = (kind === 'AccessKey' && text(part, 'userType')) || kind;
    return name === undefined ? [] : [{ kind: shown, name: name + nameTag(part), facts: facts(...pairs) }];
  });
}

function elements(value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) {
    return value === undefined ? [] : [value];
  }
  return step === '*' ? list(value).flatMap((element) => elements(element, rest)) : elements(at(value, step), rest);
}

/** What people call an instance. */
function nameTag(part: unknown): string {
  const tag = list(part, 'instanceId' in Object(part) ? 'tags' : '').find((entry) => text(entry, 'key') === 'Name');
  const name = text(tag, 'value');
  return name === undefined ? '' : ` (${name})`;
}
