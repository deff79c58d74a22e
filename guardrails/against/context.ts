import { isIP } from 'node:net';
import { type CloudTrailRecord, isRecord, isScalar, stepsOf, textAt, valuesAt } from '../../detections/record';
import type { Known, Request } from '../evaluate/evaluate';

type Values = Known<readonly string[] | undefined>;
type Reader = (record: CloudTrailRecord) => Values;

const text =
  (path: string): Reader =>
  (record) => {
    const value = textAt(record, path);
    return value === undefined ? undefined : [value];
  };

/** Condition keys that a record tells. Source: CloudTrail record contents; IAM user guide, "AWS global condition context keys". */
const readers: Readonly<Record<string, Reader>> = {
  'aws:assumedroot': (record) =>
    textAt(record, 'userIdentity.sessionContext.assumedRoot') === 'true' ? ['true'] : undefined,
  'aws:principalaccount': text('userIdentity.accountId'),
  // Services are left out before they are asked about.
  'aws:principalisawsservice': () => ['false'],
  'aws:requestedregion': text('awsRegion'),
  'aws:sourceip': sourceAddress,
  'aws:sourcevpc': (record) => (textAt(record, 'vpcEndpointId') === undefined ? undefined : 'unknown'),
  'aws:sourcevpce': text('vpcEndpointId'),
  'aws:useragent': text('userAgent'),
  'aws:viaawsservice': viaService,
  'ec2:attribute/httptokens': text('requestParameters.ModifyInstanceMetadataOptionsRequest.HttpTokens'),
  'ec2:metadatahttptokens': metadataTokens,
  'ec2:roledelivery': text('userIdentity.sessionContext.ec2RoleDelivery'),
  'lambda:functionarn': (record) => found(textAt(record, 'responseElements.functionArn')),
};

/**
 * What a record tells of a request's condition keys. Keys that it does not tell are unknown, never absent: only a
 * reader may say that a request had no such key.
 *
 * @param own values that are known otherwise, by their keys in lower case
 */
export function contextOf(record: CloudTrailRecord, own: Readonly<Record<string, Values>>): Request['context'] {
  return (key) => {
    const name = key.toLowerCase();
    // Trails that enrich their events write the keys themselves.
    const written = enriched(record, key);
    if (written !== undefined) {
      return written;
    }
    if (Object.hasOwn(own, name)) {
      return own[name];
    }
    if (name.startsWith('aws:resourcetag/')) {
      return resourceTag(record, key.slice('aws:resourcetag/'.length));
    }
    return readers[name]?.(record) ?? (readers[name] ? undefined : 'unknown');
  };
}

function found(value: string | undefined): Values {
  return value === undefined ? 'unknown' : [value];
}

function enriched(record: CloudTrailRecord, key: string): readonly string[] | undefined {
  const { eventContext } = record;
  const keys = isRecord(eventContext) ? eventContext.requestContext : undefined;
  const value = isRecord(keys) ? keys[key] : undefined;
  return isScalar(value) ? [String(value)] : undefined;
}

/** Over a VPC endpoint there is no such key; a service's name in its place says nothing of the address. */
function sourceAddress(record: CloudTrailRecord): Values {
  const address = textAt(record, 'sourceIPAddress');
  if (textAt(record, 'vpcEndpointId') !== undefined) {
    return undefined;
  }
  return address !== undefined && isIP(address) !== 0 ? [address] : 'unknown';
}

/** A service that goes on with a person's credentials, and one that works as a role of its own, are written alike. */
function viaService(record: CloudTrailRecord): Values {
  if (textAt(record, 'userIdentity.invokedBy') === undefined) {
    return ['false'];
  }
  const issuer = textAt(record, 'userIdentity.sessionContext.sessionIssuer.arn') ?? '';
  const isPerson = textAt(record, 'userIdentity.type') !== 'AssumedRole' || issuer.includes(':role/aws-reserved/');
  return isPerson ? ['true'] : 'unknown';
}

/** What the instances that were started had in the end, whether the request, the image or the account said so. */
function metadataTokens(record: CloudTrailRecord): Values {
  const paths = [
    'responseElements.instancesSet.items.metadataOptions.httpTokens',
    'requestParameters.metadataOptions.httpTokens',
  ];
  const values = paths.flatMap((path) => valuesAt(record, stepsOf(path)).filter(isScalar).map(String));
  return values.length === 0 ? 'unknown' : [...new Set(values)];
}

function resourceTag(record: CloudTrailRecord, name: string): Values {
  const { eventContext } = record;
  const tags =
    isRecord(eventContext) && isRecord(eventContext.tagContext) ? eventContext.tagContext.resourceTags : undefined;
  if (!Array.isArray(tags)) {
    return 'unknown';
  }
  const values = tags.flatMap((resource) => {
    const own = isRecord(resource) && isRecord(resource.tags) ? resource.tags : {};
    const value = own[name];
    return isScalar(value) ? [String(value)] : [];
  });
  return values.length === 0 ? undefined : values;
}
