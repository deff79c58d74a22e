import { dnsSuffix } from '../../../common/arn';
import { bucketName } from '../../strangers';
import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, document, orUndo } from '../values';
import { bucketSettings } from './settings';

function provided(context: ResourceContext, name: string): ProvidedResource {
  const { partition, region } = context;
  const suffix = dnsSuffix(partition);
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:${partition}:s3:::${name}`,
      DomainName: `${name}.s3.${suffix}`,
      RegionalDomainName: `${name}.s3.${region}.${suffix}`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.${suffix}`,
      WebsiteURL: `http://${name}.s3-website-${region}.${suffix}`,
    },
  };
}

async function apply(context: ResourceContext, Bucket: string, after: ValueMap, before: ValueMap): Promise<void> {
  for (const { property, put, remove } of bucketSettings) {
    if (!differs(before, after, [property])) {
      continue;
    }
    const value = after[property];
    const call = value === undefined ? remove?.(Bucket) : put(Bucket, value);
    if (call) {
      await context.call('s3', call.operation, call.input);
    }
  }
  const tags = context.tagChanges(before.Tags, after.Tags);
  if (tags.set.length > 0 || tags.remove.length > 0 || (before === none && context.tags(after.Tags).length > 0)) {
    const TagSet = context.tags(after.Tags);
    await (TagSet.length === 0
      ? context.call('s3', 'DeleteBucketTagging', { Bucket })
      : context.call('s3', 'PutBucketTagging', { Bucket, Tagging: { TagSet } }));
  }
}

const none: ValueMap = {};

/** AWS::S3::Bucket */
export const bucket: ResourceProvider = {
  async create(context, properties) {
    const generated = context.generateName(63).toLowerCase().replaceAll('_', '-');
    const Bucket = bucketName(context, properties.BucketName) ?? generated;
    const constraint = context.region === 'us-east-1' ? undefined : { LocationConstraint: context.region };
    await context.call('s3', 'CreateBucket', {
      Bucket,
      CreateBucketConfiguration: constraint,
      ObjectLockEnabledForBucket: properties.ObjectLockEnabled,
      ACL: undefined,
    });
    await orUndo(
      () => apply(context, Bucket, properties, none),
      () => context.call('s3', 'DeleteBucket', { Bucket }),
    );
    return provided(context, Bucket);
  },
  async update(context, Bucket, after, before) {
    await apply(context, Bucket, after, before);
    return undefined;
  },
  delete: (context, Bucket) => ifThere(() => context.call('s3', 'DeleteBucket', { Bucket })),
  async read(context, Bucket) {
    await context.call('s3', 'HeadBucket', { Bucket });
    const versioning = await context.call<ValueMap>('s3', 'GetBucketVersioning', { Bucket });
    return {
      BucketName: Bucket,
      VersioningConfiguration: { Status: versioning.Status ?? 'Suspended' },
    };
  },
  adopt: async (context, identifier) => provided(context, identifier.BucketName ?? ''),
};

/** AWS::S3::BucketPolicy */
export const bucketPolicy: ResourceProvider = {
  async create(context, { Bucket, PolicyDocument }) {
    await context.call('s3', 'PutBucketPolicy', { Bucket, Policy: document(PolicyDocument) });
    return { physicalId: String(Bucket) };
  },
  async update(context, Bucket, { PolicyDocument }) {
    await context.call('s3', 'PutBucketPolicy', { Bucket, Policy: document(PolicyDocument) });
    return undefined;
  },
  delete: (context, Bucket) => ifThere(() => context.call('s3', 'DeleteBucketPolicy', { Bucket })),
};
