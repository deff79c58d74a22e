import { text } from '../notifier/events/read';
import { type DetectorFacts, decideDetector, observeDetector } from './guard/detector';
import { decideStore, observeStore, type StoreFacts } from './guard/eventDataStore';
import { decideTrail, observeTrail, type TrailFacts } from './guard/trail';
import { type Decision, defineResponder, type Look, type Question, type Target } from './responder';
import type { Trigger } from './trigger';

/** Something for which a person is needed: what was done, and what to do about it. */
interface Told {
  readonly kind: 'told';
}

type GuardFacts = DetectorFacts | TrailFacts | StoreFacts | Told;

/** Guards that somebody switched off: GuardDuty, CloudTrail, MFA. */
export const guardSwitchedOff = defineResponder<GuardFacts>({
  id: 'guard-switched-off',
  title: 'Guard switched off',
  meaning: 'A detector, a trail or a second factor is no longer there to see or to stop anything.',
  detections: ['guardduty-disabled', 'trail-stopped', 'trail-selectors-weakened', 'mfa-deactivated'],
  findingTypes: [],
  strategies: { restore: 'switches it on again as the configuration says' },
  statements: ({ partition, accountId, region }) => {
    const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
    // A trail is changed in its home region, wherever the event came from.
    const trails = `arn:${partition}:cloudtrail:*:${accountId}:trail/*`;
    const stores = arn('cloudtrail', 'eventdatastore/*');
    const linked = `arn:${partition}:iam::${accountId}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`;
    return [
      {
        Sid: 'FindDetectors',
        Effect: 'Allow',
        Action: ['guardduty:ListDetectors', 'guardduty:CreateDetector'],
        Resource: ['*'],
      },
      {
        Sid: 'Detector',
        Effect: 'Allow',
        Action: [
          'guardduty:GetDetector',
          'guardduty:UpdateDetector',
          'guardduty:DeleteDetector',
          'guardduty:TagResource',
        ],
        Resource: [arn('guardduty', 'detector/*')],
      },
      {
        Sid: 'GuardDutyRole',
        Effect: 'Allow',
        Action: ['iam:CreateServiceLinkedRole'],
        Resource: [linked],
        Condition: { StringEquals: { 'iam:AWSServiceName': 'guardduty.amazonaws.com' } },
      },
      {
        Sid: 'Trails',
        Effect: 'Allow',
        Action: [
          'GetTrail',
          'GetTrailStatus',
          'GetEventSelectors',
          'ListTags',
          'StartLogging',
          'StopLogging',
          'PutEventSelectors',
        ].map((name) => `cloudtrail:${name}`),
        Resource: [trails],
      },
      {
        Sid: 'EventDataStores',
        Effect: 'Allow',
        Action: ['Get', 'Restore', 'Delete']
          .map((verb) => `cloudtrail:${verb}EventDataStore`)
          .concat(['cloudtrail:StartEventDataStoreIngestion', 'cloudtrail:StopEventDataStoreIngestion']),
        Resource: [stores],
      },
    ];
  },
  targets,
  observe,
  tags: (facts) => ('tags' in facts ? facts.tags : {}),
  decide,
  state: (facts) => {
    switch (facts.kind) {
      case 'detector':
        return { detector: facts.id, enabled: facts.enabled };
      case 'trail':
        return JSON.parse(
          JSON.stringify({ logging: facts.logging, selectors: facts.selectors, advanced: facts.advanced }),
        );
      case 'store':
        return { status: facts.status };
      case 'told':
        return null;
    }
  },
});

/** What each call switches off, and the parameter that names it. */
const calls: Readonly<Record<string, { readonly kind: string; readonly parameter: string }>> = {
  'guardduty:UpdateDetector': { kind: 'Detector', parameter: 'detectorId' },
  'guardduty:DeleteDetector': { kind: 'Detector', parameter: 'detectorId' },
  'guardduty:DeletePublishingDestination': { kind: 'PublishingDestination', parameter: 'destinationId' },
  'cloudtrail:StopLogging': { kind: 'Trail', parameter: 'name' },
  'cloudtrail:PutEventSelectors': { kind: 'Selectors', parameter: 'trailName' },
  'cloudtrail:PutInsightSelectors': { kind: 'Insights', parameter: 'trailName' },
  'cloudtrail:DeleteTrail': { kind: 'DeletedTrail', parameter: 'name' },
  'cloudtrail:DeleteEventDataStore': { kind: 'EventDataStore', parameter: 'eventDataStore' },
  'cloudtrail:StopEventDataStoreIngestion': { kind: 'EventDataStore', parameter: 'eventDataStore' },
  'iam:DeactivateMFADevice': { kind: 'MfaDevice', parameter: 'serialNumber' },
  'iam:DeleteVirtualMFADevice': { kind: 'MfaDevice', parameter: 'serialNumber' },
};

function targets({ service, name, detail }: Trigger): Target[] {
  const call = calls[`${service}:${name}`];
  const resource = call && text(detail, 'requestParameters', call.parameter);
  return call && resource !== undefined
    ? [{ kind: call.kind, resource, hints: { user: text(detail, 'requestParameters', 'userName') } }]
    : [];
}

async function observe(target: Target, look: Look): Promise<GuardFacts | undefined> {
  switch (target.kind) {
    case 'Detector':
      return observeDetector(target, look);
    case 'Trail':
    case 'Selectors':
      return observeTrail(target, look);
    case 'EventDataStore':
      return observeStore(target, look);
    default:
      return { kind: 'told' };
  }
}

/** What only a person can bring back. */
const advice: Readonly<Record<string, readonly string[]>> = {
  PublishingDestination: ['`garrison apply` sets the publishing destination up again'],
  Insights: ['compare the insight selectors of the trail with your infrastructure code, and set them back'],
  DeletedTrail: [
    'create the trail again from your infrastructure code: only that knows its bucket, key and selectors',
    'keep trails from being deleted: `garrison guardrails`',
  ],
  MfaDevice: [
    'ask the user, and whoever made the call: a device that was replaced is no attack',
    'else block the user (aws iam delete-login-profile, update-access-key --status Inactive) until they have a device again',
  ],
};

function decide(facts: GuardFacts, question: Question): Decision {
  switch (facts.kind) {
    case 'detector':
      return decideDetector(facts, question);
    case 'trail':
      return decideTrail(facts, question);
    case 'store':
      return decideStore(facts, question);
    case 'told':
      return {
        kind: 'notify',
        reasons: [`${question.target.kind} ${question.target.resource}: no machine can bring this back`],
        advice: advice[question.target.kind] ?? [],
      };
  }
}
