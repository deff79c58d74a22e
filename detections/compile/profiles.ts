import { CompileError } from '../errors';

/** How records are stored: the names of their fields. */
export interface Profile {
  readonly name: 'raw' | 'ecs';
  readonly defaultIndex: string;
  readonly timestamp: string;
  /** When records came into the index, where they say so: CloudTrail delivers up to a quarter of an hour late. */
  readonly arrival?: string;
  /** The name under which a field of the record is searched. */
  field(path: string): string;
  /** The name of the same field with the type `ip`. */
  address(path: string): string;
  /** The name of a list whose elements are kept together (`nested`). Throws `CompileError` where that is not so. */
  list(path: string): string;
}

/** Records as CloudTrail writes them; `garrison detections compile` adds the index template that they need. */
export const raw: Profile = {
  name: 'raw',
  defaultIndex: 'cloudtrail-*',
  timestamp: 'eventTime',
  field: (path) => path,
  address: (path) => `${path}.ip`,
  list: (path) => path,
};

const ecsNames: Readonly<Record<string, string>> = {
  eventName: 'event.action',
  eventSource: 'event.provider',
  awsRegion: 'cloud.region',
  recipientAccountId: 'aws.cloudtrail.recipient_account_id',
  errorCode: 'aws.cloudtrail.error_code',
  errorMessage: 'aws.cloudtrail.error_message',
  eventType: 'aws.cloudtrail.event_type',
  sourceIPAddress: 'source.address',
  userAgent: 'user_agent.original',
  'userIdentity.type': 'aws.cloudtrail.user_identity.type',
  'userIdentity.arn': 'aws.cloudtrail.user_identity.arn',
  'userIdentity.userName': 'user.name',
  'userIdentity.invokedBy': 'aws.cloudtrail.user_identity.invoked_by',
  'userIdentity.sessionContext.attributes.mfaAuthenticated':
    'aws.cloudtrail.user_identity.session_context.mfa_authenticated',
  'userIdentity.sessionContext.sessionIssuer.userName':
    'aws.cloudtrail.user_identity.session_context.session_issuer.user_name',
};

const flattened: Readonly<Record<string, string>> = {
  requestParameters: 'aws.cloudtrail.flattened.request_parameters',
  responseElements: 'aws.cloudtrail.flattened.response_elements',
  additionalEventData: 'aws.cloudtrail.flattened.additional_eventdata',
  serviceEventDetails: 'aws.cloudtrail.flattened.service_event_details',
};

/** Records as Elastic's AWS integration stores them. */
export const ecs: Profile = {
  name: 'ecs',
  defaultIndex: 'logs-aws.cloudtrail-*',
  timestamp: '@timestamp',
  arrival: 'event.ingested',
  field: ecsField,
  address: (path) => {
    if (path !== 'sourceIPAddress') {
      throw new CompileError('elasticsearch', `the profile ecs has no address for ${path}`);
    }
    return 'source.ip';
  },
  list: (path) => {
    throw new CompileError(
      'elasticsearch',
      `the profile ecs flattens ${path}: which fields belong to one element is lost`,
      'Use the profile raw for this detection.',
    );
  },
};

function ecsField(path: string): string {
  const known = Object.hasOwn(ecsNames, path) ? ecsNames[path] : undefined;
  if (known) {
    return known;
  }
  const [top = '', ...rest] = path.split('.');
  const object = Object.hasOwn(flattened, top) ? flattened[top] : undefined;
  if (!object || rest.length === 0) {
    throw new CompileError(
      'elasticsearch',
      `the profile ecs has no field for ${path}`,
      'Use the profile raw for this detection.',
    );
  }
  return `${object}.${rest.join('.')}`;
}

/** Whether a field stands in a flattened object, where every value is a text. */
export function isFlattened(name: string): boolean {
  return Object.values(flattened).some((object) => name.startsWith(`${object}.`));
}

export const profiles: Readonly<Record<string, Profile>> = { raw, ecs };
