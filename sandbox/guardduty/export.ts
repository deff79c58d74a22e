import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { DestinationProperties } from '@aws-sdk/client-guardduty';
import type { Site } from '../common/store';
import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import { badRequest } from './errors';
import { type Finding, findingDocument } from './findings/finding';
import type { PublishingDestination } from './publishing';
import type { Detector, GuardDutyState } from './state';

// Sentences: what users quote of CreatePublishingDestination's refusals. Policies: GuardDuty user guide, "Exporting findings".
const failed = (why: string) => badRequest(`The request failed because ${why}`);
const reasons = {
  bucket: 'the resource specified in the destinationArn parameter does not exist.',
  folder: 'the resource folder specified in the destinationArn parameter does not exist.',
  permission:
    'the GuardDuty service principal does not have permission to the KMS key or the resource specified by the destinationArn parameter. Refer to https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html',
  caller: 'you do not have the required permissions for the s3:GetObject or s3:ListBucket actions.',
} as const;

/** A bucket, and what every key in it begins with: empty, or ending in a slash. */
function placeOf({ DestinationArn = '' }: DestinationProperties): { readonly bucket: string; readonly prefix: string } {
  const [bucket = '', ...folders] = DestinationArn.replace(/^.*:::/, '').split('/');
  const prefix = folders.filter((folder) => folder !== '').join('/');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

/**
 * Whether GuardDuty may write there, as the policies of bucket and key have it: it leaves an empty object. A prefix has
 * to be there already, for whoever names it.
 *
 * @throws ServiceError
 */
export async function checkDestination(
  state: GuardDutyState,
  detector: Detector,
  properties: DestinationProperties,
  context: CallContext,
): Promise<void> {
  const { bucket, prefix } = placeOf(properties);
  const service = { caller: asGuardDuty(state, detector, context), region: context.region };
  await told(state.world.call('s3', 'GetBucketLocation', { Bucket: bucket }, service), 'permission');
  if (prefix !== '') {
    const input = { Bucket: bucket, Prefix: prefix, MaxKeys: 1 };
    const { caller, region } = context;
    const call = state.world.call<{ Contents?: unknown[] }>('s3', 'ListObjectsV2', input, { caller, region });
    const { Contents = [] } = await told(call, 'caller');
    if (Contents.length === 0) {
      throw failed(reasons.folder);
    }
    // The user guide asks both permissions of whoever names a prefix.
    await told(state.world.ask('s3', 'GetObject', { Bucket: bucket, Key: prefix }, { caller, region }), 'caller');
  }
  const marker = { Bucket: bucket, Key: `${prefix}AWSLogs/`, Body: '', ...encrypted(properties) };
  await told(state.world.call('s3', 'PutObject', marker, service), 'permission');
}

async function told<T>(call: Promise<T>, otherwise: keyof typeof reasons): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    throw failed(reasons[error.code === 'NoSuchBucket' ? 'bucket' : otherwise]);
  }
}

/** Where a Region needs opting in, GuardDuty speaks from there under that Region's name. */
function asGuardDuty(state: GuardDutyState, detector: Detector, { accountId, region }: Site) {
  const isOptIn = state.world.regions.get(region)?.optIn ?? false;
  const principal = isOptIn ? `guardduty.${region}.amazonaws.com` : 'guardduty.amazonaws.com';
  return state.world.serviceCaller(principal, { accountId, arn: detector.arn });
}

function encrypted({ KmsKeyArn }: DestinationProperties) {
  return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KmsKeyArn };
}

/** AWS writes within five minutes; here it is sooner. */
const exportMilliseconds = 20;

/** Writes a finding to where the detector of `site` exports to; a destination that refuses it is marked. */
export function exportFinding(state: GuardDutyState, finding: Finding, site: Site): void {
  const { detector } = state.regions.at(site);
  for (const destination of detector?.destinations.values() ?? []) {
    state.world.later(exportMilliseconds, () => write(state, detector as Detector, destination, finding, site));
  }
}

async function write(
  state: GuardDutyState,
  detector: Detector,
  destination: PublishingDestination,
  finding: Finding,
  site: Site,
): Promise<void> {
  const { bucket, prefix } = placeOf(destination.properties);
  const day = state.now().toISOString().slice(0, 10).replaceAll('-', '/');
  const input = {
    Bucket: bucket,
    Key: `${prefix}AWSLogs/${finding.AccountId}/GuardDuty/${finding.Region}/${day}/${randomUUID()}.jsonl.gz`,
    Body: gzipSync(`${JSON.stringify(findingDocument(finding))}\n`),
    ...encrypted(destination.properties),
  };
  const as = { caller: asGuardDuty(state, detector, site), region: site.region };
  try {
    await state.world.call('s3', 'PutObject', input, as);
    destination.status = 'PUBLISHING';
    destination.failingSince = undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    destination.status = 'UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY';
    destination.failingSince ??= state.now();
  }
}
