import type { AccessKeyMetadata } from '@aws-sdk/client-iam';
import { at, list, text } from '../notifier/events/read';
import type { Json } from './plan';
import { unless } from './read';
import { type Decision, defineResponder, type Look, type Question, type Target } from './responder';
import type { Trigger } from './trigger';
import { tagsOf } from './wildcard';

/** An access key, or what uses credentials that no key of a user's is. */
interface KeyFacts {
  /** GuardDuty's `userType`: `IAMUser`, `Root`, `AssumedRole`, `FederatedUser`, … */
  readonly userType: string;
  readonly userName: string;
  /** `Active` or `Inactive`; absent when the user has no such key. */
  readonly status?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Access keys that GuardDuty sees in others' hands. */
export const exposedAccessKey = defineResponder<KeyFacts>({
  id: 'exposed-access-key',
  title: 'Exposed access key',
  meaning: 'GuardDuty sees credentials used as their owner would not use them.',
  detections: [],
  // Source: GuardDuty user guide, "GuardDuty IAM finding types", and attack sequences.
  findingTypes: [
    'UnauthorizedAccess:IAMUser/*',
    'CredentialAccess:IAMUser/*',
    'Exfiltration:IAMUser/*',
    'Impact:IAMUser/*',
    'PenTest:IAMUser/*',
    'AttackSequence:IAM/CompromisedCredentials',
    'Policy:IAMUser/RootCredentialUsage',
  ],
  strategies: { deactivate: 'deactivates the access key of an IAM user' },
  statements: ({ partition, accountId }) => [
    {
      Sid: 'AccessKeys',
      Effect: 'Allow',
      Action: ['iam:ListAccessKeys', 'iam:ListUserTags', 'iam:UpdateAccessKey'],
      Resource: [`arn:${partition}:iam::${accountId}:user/*`],
    },
  ],
  targets,
  observe,
  tags: ({ tags }) => tags,
  decide,
  state: ({ status }) => ({ status }),
});

function targets({ detail, sample }: Trigger): Target[] {
  const details = at(detail, 'resource', 'accessKeyDetails');
  const sequence = list(detail, 'service', 'detection', 'sequence', 'resources')
    .filter((resource) => text(resource, 'resourceType') === 'ACCESS_KEY')
    .map((resource) => ({ key: text(resource, 'uid'), of: at(resource, 'data', 'accessKey') }));
  const all = [{ key: text(details, 'accessKeyId'), of: details }, ...sequence];
  return all.flatMap(({ key, of }): Target[] => {
    const [userType, user] = [text(of, 'userType'), text(of, 'userName')];
    const resource = key ?? (userType === 'Root' ? 'root' : undefined);
    return resource === undefined ? [] : [{ kind: 'AccessKey', resource, hints: { userType, user, sample } }];
  });
}

async function observe({ resource, hints }: Target, look: Look): Promise<KeyFacts | undefined> {
  const [userType = 'unknown', userName = ''] = [text(hints, 'userType'), text(hints, 'user')];
  if (userType !== 'IAMUser' || userName === '' || !resource.startsWith('AKIA')) {
    return { userType, userName, tags: {} };
  }
  const read = <Output>(operation: string) =>
    look.read<Output>({ service: 'iam', operation, input: { UserName: userName } as Json });
  const gone = ['NoSuchEntity', 'NoSuchEntityException'];
  const [keys, tags] = await Promise.all([
    unless(read<{ AccessKeyMetadata?: AccessKeyMetadata[] }>('ListAccessKeys'), gone),
    unless(read<{ Tags?: { Key?: string; Value?: string }[] }>('ListUserTags'), gone),
  ]);
  const key = keys?.AccessKeyMetadata?.find(({ AccessKeyId }) => AccessKeyId === resource);
  return key && { userType, userName, status: key.Status, tags: tagsOf(tags?.Tags) };
}

const rootAdvice = [
  'nobody but the root user can deactivate its keys: sign in as root with its MFA device',
  'delete every access key of the root user (Security credentials), and change its password',
  'see what the root user did since: CloudTrail in the global region',
  'where the organization manages root access centrally, remove the root credentials of member accounts there',
];

const temporaryAdvice = [
  'temporary credentials cannot be deactivated: revoke the sessions of the role (IAM, the role, "Revoke active sessions")',
  'find where they came from: an instance, a function, a person',
];

function decide({ userType, userName, status }: KeyFacts, { strategy, target, place }: Question): Decision {
  const key = target.resource;
  if (at(target.hints, 'sample') === true) {
    return { kind: 'notify', reasons: ['a sample finding: nothing happened, and nothing is done'], advice: [] };
  }
  if (userType === 'Root') {
    return { kind: 'notify', reasons: ['these are credentials of the root user'], advice: rootAdvice };
  }
  if (status === undefined) {
    const reasons = [`${key} belongs to ${userName || 'nobody known'} (${userType}): no access key of an IAM user`];
    return { kind: 'notify', reasons, advice: temporaryAdvice };
  }
  if (status !== 'Active') {
    return { kind: 'nothing', reasons: [`the access key ${key} of ${userName} is inactive already`] };
  }
  const reasons = [`the access key ${key} of ${userName} is active`];
  if (strategy !== 'deactivate') {
    return { kind: 'notify', reasons, advice: [`deactivate the access key ${key}, then replace it`] };
  }
  const change = (Status: string) =>
    ({
      service: 'iam',
      region: place.region,
      operation: 'UpdateAccessKey',
      input: { UserName: userName, AccessKeyId: key, Status },
      stale: ['NoSuchEntity', 'NoSuchEntityException'],
    }) as const;
  return {
    kind: 'act',
    reasons,
    steps: [
      {
        ...change('Inactive'),
        does: `deactivates the access key ${key} of ${userName}`,
        undo: [{ ...change('Active'), does: `activates the access key ${key} of ${userName} again` }],
      },
    ],
  };
}
