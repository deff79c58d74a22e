import type { Config } from '../../organization/config';
import { defineGuardrail, everybodyBut } from '../guardrail';
import { deny, type Statement } from '../statement';

/** Source: EC2 in the Service Authorization Reference, actions with the resource type image that start instances. */
const starts = ['CreateFleet', 'RequestSpotFleet', 'RequestSpotInstances', 'RunInstances', 'RunScheduledInstances'].map(
  (action) => `ec2:${action}`,
);

export const approvedImages = defineGuardrail<'images' | 'owners'>({
  id: 'approved-images',
  title: 'Instances run from listed images only',
  prevents:
    'Nobody starts an instance, a fleet or a spot request from an AMI that is neither on the list nor of an owner on it.',
  makesUnnecessary: { detections: ['unapproved-image'], responders: ['unapproved-image'] },
  parameters: {
    images: {
      meaning: 'ids of approved images; without settings here, those of responders.images',
      default: [],
      elsewhere: (config) => approvedByResponders(config).images,
      pattern: /^ami-[0-9a-f]{8,17}$/,
      wanted: 'the id of an AMI, such as ami-0123456789abcdef0',
    },
    owners: {
      meaning:
        'accounts whose images are approved, or amazon, aws-marketplace, or self for an account’s own; without settings here, those of responders.images',
      default: [],
      elsewhere: (config) => approvedByResponders(config).owners,
      pattern: /^(\d{12}|amazon|aws-marketplace|self)$/,
      wanted: 'an account id, amazon, aws-marketplace or self',
    },
  },
  needs: ['images', 'owners'],
  statements: ({ images, owners }, context) => [
    // Conditions of one statement hold together: an image is stopped when it is on no list.
    image(
      'ApprovedImages',
      starts,
      {
        ...everybodyBut(context),
        StringNotEquals: {
          ...listed('ec2:ImageID', images),
          ...listed('ec2:Owner', owners.filter(isAlias)),
          // The owner of an image that has an alias shows only here.
          ...listed('aws:ResourceAccount', owners.filter((owner) => !isAlias(owner)).map(accountValue)),
        },
      },
      context.partition,
    ),
  ],
  exceptions: [
    'Auto Scaling and Spot Fleet start instances by service-linked roles, for which service control policies do not hold; the person who creates the group or the template is asked.',
    'EKS Auto Mode starts instances by a role of the account: owners needs amazon, or the accounts that the EKS user guide lists for your regions.',
  ],
  gaps: [
    'An Auto Scaling group whose template is changed later is not stopped: keep the detection, or EC2’s Allowed AMIs, for that.',
    'With amazon among the owners, every image that AWS publishes is approved, old ones too.',
  ],
});

function image(
  sid: string,
  actions: readonly string[],
  conditions: NonNullable<Statement['Condition']>,
  partition: string,
): Statement {
  return deny(sid, actions, { resources: [`arn:${partition}:ec2:*::image/*`], conditions });
}

function listed(key: string, values: readonly string[]): Record<string, readonly string[]> {
  return values.length > 0 ? { [key]: values } : {};
}

/** Not accounts, but what EC2 calls those that AWS vouches for. */
function isAlias(owner: string): boolean {
  return owner === 'amazon' || owner === 'aws-marketplace';
}

function accountValue(owner: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's.
  return owner === 'self' ? '${aws:PrincipalAccount}' : owner;
}

/** What the responder approves, unless by names or tags, which no policy can ask about: then it would stop too much. */
function approvedByResponders({ responders }: Config): { images: readonly string[]; owners: readonly string[] } {
  const { ids, owners, names, tags, awsServices } = responders.images;
  const nothing = ids.length + owners.length === 0;
  return nothing || names.length > 0 || Object.keys(tags).length > 0
    ? { images: [], owners: [] }
    : { images: ids, owners: [...owners, ...(awsServices ? ['amazon'] : [])] };
}
