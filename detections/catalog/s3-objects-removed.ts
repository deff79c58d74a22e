import { all, calls, like } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const s3ObjectsRemoved = defineDetection({
  id: 's3-objects-removed',
  title: 'Objects were removed from a bucket',
  severity: 'medium',
  meaning: 'Objects in a bucket that should only grow were deleted.',
  runbook: [
    'With versioning the objects can be brought back: remove the delete markers.',
    'Ask who made the call; many deletions at once are an attacker’s or a script’s.',
  ],
  references: { cis: [], attack: ['T1485'] },
  parameters: {
    buckets: { meaning: 'names of the buckets, * for any characters', default: ['*'] as readonly string[] },
  },
  outcome: 'success',
  regions: 'all',
  requires: ['trail', 'data events'],
  condition: ({ buckets }) =>
    all(calls('s3.amazonaws.com', 'DeleteObject', 'DeleteObjects'), like('requestParameters.bucketName', ...buckets)),
  fields: ['requestParameters.bucketName', 'requestParameters.key'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.bucketName'],
  firing: [
    example(
      'An object is deleted',
      apiCall('s3.amazonaws.com', 'DeleteObject', {
        requestParameters: { bucketName: 'papers', key: 'a.pdf' },
        managementEvent: false,
        eventCategory: 'Data',
      }),
    ),
  ],
  quiet: [
    example(
      'An object is read',
      apiCall('s3.amazonaws.com', 'GetObject', {
        requestParameters: { bucketName: 'papers', key: 'a.pdf' },
        managementEvent: false,
        eventCategory: 'Data',
        readOnly: true,
      }),
    ),
    example(
      'It was refused',
      apiCall('s3.amazonaws.com', 'DeleteObject', { requestParameters: { bucketName: 'papers' }, ...denied }),
    ),
  ],
});
