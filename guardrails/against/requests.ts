import { type CloudTrailRecord, stepsOf, textAt, valuesAt } from '../../detections/record';
import type { Request } from '../evaluate/evaluate';
import { contextOf } from './context';
import { partitionOf, resourcesOf } from './resources';

/**
 * What IAM was asked about for a call: one request, or for instances one for each image and one for the instance.
 *
 * @param principalArn `aws:PrincipalArn`
 * @param rolePaths paths that roles may have
 */
export function requestsOf(
  record: CloudTrailRecord,
  action: string,
  { principalArn, rolePaths }: { principalArn: string; rolePaths: readonly string[] },
): Request[] {
  const principal = { 'aws:principalarn': [principalArn] };
  if (action === 'ec2:RunInstances') {
    return instanceRequests(record, action, principal);
  }
  return [{ action, resources: resourcesOf(record, action, rolePaths), context: contextOf(record, principal) }];
}

function instanceRequests(
  record: CloudTrailRecord,
  action: string,
  principal: Readonly<Record<string, readonly string[]>>,
): Request[] {
  const [partition, region] = [partitionOf(record), textAt(record, 'awsRegion') ?? ''];
  const account = textAt(record, 'recipientAccountId') ?? '';
  const paths = ['responseElements.instancesSet.items.imageId', 'requestParameters.instancesSet.items.imageId'];
  const images = paths.flatMap((path) => valuesAt(record, stepsOf(path)).filter((value) => typeof value === 'string'));
  const instance: Request = {
    action,
    resources: [`arn:${partition}:ec2:${region}:${account}:instance/*`],
    context: contextOf(record, principal),
  };
  const ofImages = [...new Set(images)].map(
    (image): Request => ({
      action,
      resources: [`arn:${partition}:ec2:${region}::image/${image}`],
      context: contextOf(record, { ...principal, 'ec2:imageid': [image] }),
    }),
  );
  return [instance, ...ofImages];
}
