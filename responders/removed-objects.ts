import type { DeleteMarkerEntry, ListObjectVersionsCommandOutput, ObjectVersion } from '@aws-sdk/client-s3';
import { list, text } from '../notifier/events/read';
import type { Json, Step } from './plan';
import { unless } from './read';
import { type Decision, defineResponder, type Look, type Question, type Target } from './responder';
import type { Trigger } from './trigger';
import { isLike, tagsOf } from './wildcard';

/** An object whose latest version is, or is not, a delete marker. */
interface ObjectFacts {
  readonly key: string;
  readonly latest: string;
  readonly removed: boolean;
  /** There is a version to come back to. */
  readonly restorable: boolean;
}

interface BucketFacts {
  readonly bucket: string;
  readonly isVersioned: boolean;
  readonly objects: readonly ObjectFacts[];
  /** There are more versions than were looked at. */
  readonly incomplete: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** How many pages of versions are looked at when a call names no keys: 1,000 versions each. */
const mostPages = 20;
/** What a call removed carries a time within so many milliseconds of the event's. */
const around = 120_000;

/** Objects that were removed from buckets which are named in the configuration. */
export const removedObjects = defineResponder<BucketFacts>({
  id: 'removed-objects',
  title: 'Removed objects',
  meaning: 'Objects were deleted from a bucket that is to keep them.',
  detections: ['s3-objects-removed'],
  findingTypes: [],
  strategies: { restore: 'removes the delete markers, so that the latest versions are there again' },
  statements: ({ partition }, settings) => [
    {
      Sid: 'ReadBuckets',
      Effect: 'Allow',
      Action: ['s3:ListBucketVersions', 's3:GetBucketVersioning', 's3:GetBucketTagging'],
      Resource: (settings?.buckets ?? ['*']).map((bucket) => `arn:${partition}:s3:::${bucket}`),
    },
    {
      // By version: delete markers. Without one: the marker that an undo puts back.
      Sid: 'DeleteMarkers',
      Effect: 'Allow',
      Action: ['s3:DeleteObjectVersion', 's3:DeleteObject'],
      Resource: (settings?.buckets ?? ['*']).map((bucket) => `arn:${partition}:s3:::${bucket}/*`),
    },
  ],
  targets,
  observe,
  tags: ({ tags }) => tags,
  decide,
  state: ({ objects }) => Object.fromEntries(objects.map(({ key, removed }) => [key, removed ? 'removed' : 'there'])),
});

function targets({ detail, time }: Trigger): Target[] {
  const parameters = { bucket: text(detail, 'requestParameters', 'bucketName'), key: keyOf(detail) };
  if (parameters.bucket === undefined) {
    return [];
  }
  const named = list(detail, 'resources').flatMap((resource) => {
    const [, key] = /^arn:[^:]+:s3:::[^/]+\/(.+)$/s.exec(text(resource, 'ARN') ?? '') ?? [];
    return key === undefined ? [] : [key];
  });
  const keys = parameters.key === undefined ? named : [parameters.key];
  const version = text(detail, 'requestParameters', 'versionId');
  return [{ kind: 'S3Bucket', resource: parameters.bucket, hints: { keys, version, time } }];
}

/** A key may begin or end with white space, which the other readers of events cut off. */
function keyOf(detail: unknown): string | undefined {
  const parameters = (detail as { requestParameters?: { key?: unknown } } | undefined)?.requestParameters;
  return typeof parameters?.key === 'string' && parameters.key !== '' ? parameters.key : undefined;
}

async function observe({ resource, hints }: Target, look: Look): Promise<BucketFacts | undefined> {
  const read = <Output>(operation: string, input: Json = {}) =>
    look.read<Output>({ service: 's3', operation, input: { Bucket: resource, ...(input as object) } });
  const versioning = await unless(read<{ Status?: string }>('GetBucketVersioning'), ['NoSuchBucket']);
  if (versioning === undefined) {
    return undefined;
  }
  const tags = await unless(read<{ TagSet?: { Key?: string; Value?: string }[] }>('GetBucketTagging'), [
    'NoSuchTagSet',
  ]);
  const keys = (hints as { keys?: readonly string[] } | undefined)?.keys ?? [];
  const found =
    versioning.Status === undefined
      ? { objects: [], incomplete: false }
      : keys.length > 0
        ? await observeKeys(keys, read)
        : await observeRecent(text(hints, 'time'), read);
  return { bucket: resource, isVersioned: versioning.Status !== undefined, tags: tagsOf(tags?.TagSet), ...found };
}

type Read = <Output>(operation: string, input?: Json) => Promise<Output>;

async function observeKeys(keys: readonly string[], read: Read) {
  const objects: ObjectFacts[] = [];
  for (const key of keys) {
    const page = await read<ListObjectVersionsCommandOutput>('ListObjectVersions', { Prefix: key, MaxKeys: 1_000 });
    objects.push(...objectsIn([page]).filter((object) => object.key === key));
  }
  return { objects, incomplete: false };
}

/** Without keys: what was removed about the time of the event. */
async function observeRecent(time: string | undefined, read: Read) {
  const pages: ListObjectVersionsCommandOutput[] = [];
  let next: Record<string, Json> | undefined = {};
  while (next !== undefined && pages.length < mostPages) {
    const page: ListObjectVersionsCommandOutput = await read('ListObjectVersions', next);
    pages.push(page);
    next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  const when = Date.parse(time ?? '');
  const recent = new Set(
    pages
      .flatMap(({ DeleteMarkers = [] }) => DeleteMarkers)
      .filter(({ LastModified }) => Math.abs((LastModified?.getTime() ?? 0) - when) <= around)
      .map(({ Key = '' }) => Key),
  );
  return { objects: objectsIn(pages).filter(({ key }) => recent.has(key)), incomplete: next !== undefined };
}

function objectsIn(pages: readonly ListObjectVersionsCommandOutput[]): ObjectFacts[] {
  const versions = pages.flatMap(({ Versions = [] }): ObjectVersion[] => Versions);
  const markers = pages.flatMap(({ DeleteMarkers = [] }): DeleteMarkerEntry[] => DeleteMarkers);
  const restorable = new Set(versions.map(({ Key = '' }) => Key));
  return [
    ...versions.filter(({ IsLatest }) => IsLatest).map((each) => ({ ...each, removed: false })),
    ...markers.filter(({ IsLatest }) => IsLatest).map((each) => ({ ...each, removed: true })),
  ].map(({ Key = '', VersionId = '', removed }) => ({
    key: Key,
    latest: VersionId,
    removed,
    restorable: restorable.has(Key),
  }));
}

function decide(facts: BucketFacts, { strategy, target, place, settings }: Question): Decision {
  const { bucket, isVersioned, objects, incomplete } = facts;
  if (!settings.buckets.some((pattern) => isLike(bucket, pattern))) {
    return { kind: 'ignore', reasons: [`the bucket ${bucket} is not named in responders.buckets`] };
  }
  const advice = ['look for a copy: a backup, a replica, another account'];
  if (text(target.hints, 'version') !== undefined) {
    return { kind: 'notify', reasons: ['a single version was deleted, which is for good'], advice };
  }
  if (!isVersioned) {
    const reasons = [`the bucket ${bucket} has no versioning: what was deleted is gone for good`];
    return { kind: 'notify', reasons, advice: [...advice, 'switch versioning on'] };
  }
  const removed = objects.filter((object) => object.removed && object.restorable);
  if (removed.length === 0) {
    const lost = objects.filter((object) => object.removed);
    return lost.length > 0
      ? { kind: 'notify', reasons: ['no version is left of what was removed'], advice }
      : { kind: 'nothing', reasons: ['what was removed is there again, or nothing was'] };
  }
  const batches = batched(removed);
  const left = removed.length - batches.flat().length;
  const more = [
    ...(incomplete ? ['the bucket has more versions than were looked at: there may be more'] : []),
    ...(left > 0 ? [`${left} of them are too many for one response`] : []),
  ];
  const reasons = [`removed from ${bucket}: ${named(removed.map(({ key }) => key))}`, ...more];
  return strategy === 'restore'
    ? { kind: 'act', reasons, steps: batches.map((objects) => restoreStep(bucket, objects, place.region)) }
    : { kind: 'notify', reasons, advice: ['remove the delete markers: aws s3api delete-object --version-id'] };
}

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, 10).join(', ');
  return keys.length > 10 ? `${shown} and ${keys.length - 10} more` : shown;
}

/** S3 takes so many objects in a call; an item of the table takes so many characters of keys. */
const [mostObjects, mostCharacters] = [1_000, 60_000];

function batched(objects: readonly ObjectFacts[]): ObjectFacts[][] {
  const batches: ObjectFacts[][] = [];
  let characters = 0;
  for (const object of objects) {
    characters += object.key.length + object.latest.length;
    if (characters > mostCharacters && batches.length > 0) {
      break;
    }
    const last = batches.at(-1);
    if (last === undefined || last.length === mostObjects) {
      batches.push([object]);
    } else {
      last.push(object);
    }
  }
  return batches;
}

function restoreStep(Bucket: string, objects: readonly ObjectFacts[], region: string): Step {
  const call = { service: 's3', region, operation: 'DeleteObjects', goOn: true } as const;
  const keys = named(objects.map(({ key }) => key));
  const deleting = (Objects: Json) => ({ Bucket, Delete: { Objects, Quiet: true } });
  return {
    ...call,
    does: `removes the delete markers of ${keys}`,
    input: deleting(objects.map(({ key, latest }) => ({ Key: key, VersionId: latest }))),
    undo: [{ ...call, does: `removes ${keys} again`, input: deleting(objects.map(({ key }) => ({ Key: key }))) }],
  };
}
