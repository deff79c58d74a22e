import { all, calls, element, isNot } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';

export const unapprovedImage = defineDetection({
  id: 'unapproved-image',
  title: 'An instance runs from an image that is not approved',
  severity: 'medium',
  meaning:
    'An instance was started from an AMI that is not on the list: unpatched, unmonitored, or somebody else’s altogether.',
  runbook: [
    'See who owns the image, and what the instance does.',
    'Stop the instance if nobody stands by it; keep its disk for a look.',
  ],
  references: { cis: [], attack: ['T1578.002', 'T1496'] },
  parameters: {
    images: {
      meaning: 'ids of the approved images; without any the detection is off',
      default: [] as readonly string[],
    },
  },
  needs: ({ images }) => (images.length === 0 ? 'images' : undefined),
  trial: { images: ['ami-0aaaaaaaaaaaaaaaa'] },
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: ({ images }) =>
    all(
      calls('ec2.amazonaws.com', 'RunInstances'),
      element('responseElements.instancesSet.items', isNot('imageId', ...images)),
    ),
  nearest: () => calls('ec2.amazonaws.com', 'RunInstances'),
  fields: [
    'responseElements.instancesSet.items.instanceId',
    'responseElements.instancesSet.items.imageId',
    'responseElements.instancesSet.items.instanceType',
  ],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn'],
  firing: [
    example(
      'Another image',
      apiCall('ec2.amazonaws.com', 'RunInstances', {
        responseElements: {
          instancesSet: { items: [{ instanceId: 'i-0123456789abcdef0', imageId: 'ami-0bbbbbbbbbbbbbbbb' }] },
        },
      }),
    ),
  ],
  quiet: [
    example(
      'An approved image',
      apiCall('ec2.amazonaws.com', 'RunInstances', {
        responseElements: {
          instancesSet: { items: [{ instanceId: 'i-0123456789abcdef0', imageId: 'ami-0aaaaaaaaaaaaaaaa' }] },
        },
      }),
    ),
    example(
      'It was only tried out',
      apiCall('ec2.amazonaws.com', 'RunInstances', { errorCode: 'Client.DryRunOperation' }),
    ),
  ],
});
