import type { Action, Alert, Ignored, Subject } from '../alert';
import { digest } from '../hash';
import { facts } from './guarddutyResources';
import { at, list, text, time } from './read';
import { requestParameters, requestResources } from './requestParameters';

/** True for a CloudTrail record. */
export function isCloudTrailRecord(value: unknown): boolean {
  return text(value, 'eventName') !== undefined && text(value, 'eventSource') !== undefined;
}

/**
 * A CloudTrail record as an alert. `responseElements` is read in one place only: it can hold session tokens.
 *
 * @param outer the EventBridge event around it, for what the record itself does not say
 */
export function readCloudTrail(record: unknown, outer?: unknown): Alert | Ignored {
  const [name, source] = [text(record, 'eventName'), text(record, 'eventSource')];
  if (name === undefined || source === undefined) {
    return { ignored: 'noEvent' };
  }
  const type = `${serviceName(source)}:${name}`;
  const happened = time(record, 'eventTime') ?? time(outer, 'time');
  const accountId =
    text(record, 'recipientAccountId') ?? text(record, 'userIdentity', 'accountId') ?? text(outer, 'account') ?? '';
  const eventId = text(record, 'eventID') ?? text(outer, 'id');
  const address = text(record, 'sourceIPAddress');
  return {
    id: digest(['cloudtrail', eventId ?? JSON.stringify(record)]),
    source: 'cloudtrail',
    type,
    title: type,
    band: 'Low',
    sample: false,
    accountId,
    region: text(record, 'awsRegion') ?? text(outer, 'region') ?? '',
    partition: text(record, 'userIdentity', 'arn')?.split(':')[1],
    resources: readTargets(record),
    actor: readIdentity(at(record, 'userIdentity')),
    remote: address === undefined ? undefined : { address },
    action: readAction(record, type),
    firstSeen: happened,
    lastSeen: happened,
    attack: [],
    signals: [],
    facts: facts(
      ['mfa', text(record, 'additionalEventData', 'MFAUsed') ?? sessionMfa(record)],
      ['parameters', requestParameters(at(record, 'requestParameters'))],
      ['userAgent', text(record, 'userAgent')],
    ),
    eventId,
  };
}

function readAction(record: unknown, type: string): Action {
  const error = text(record, 'errorCode') ?? text(record, 'errorMessage');
  if (text(record, 'eventName') !== 'ConsoleLogin') {
    return { kind: 'apiCall', text: type, error };
  }
  const failed = text(record, 'responseElements', 'ConsoleLogin') === 'Failure' || error !== undefined;
  return {
    kind: 'signIn',
    text: type,
    error: failed ? (text(record, 'errorMessage') ?? error ?? 'Failure') : undefined,
  };
}

function sessionMfa(record: unknown): string | undefined {
  return text(record, 'userIdentity', 'sessionContext', 'attributes', 'mfaAuthenticated');
}

function readTargets(record: unknown): readonly Subject[] {
  const declared = list(record, 'resources').flatMap((resource): Subject[] => {
    const name = text(resource, 'ARN');
    return name === undefined ? [] : [{ kind: text(resource, 'type') ?? 'Resource', name, facts: [] }];
  });
  return declared.length > 0 ? declared : requestResources(at(record, 'requestParameters'));
}

/** Who did it, by the kinds of `userIdentity` that CloudTrail documents. */
function readIdentity(identity: unknown): Subject | undefined {
  const kind = text(identity, 'type') ?? (at(identity, 'invokedBy') === undefined ? 'Unknown' : 'AWSService');
  const role = text(identity, 'sessionContext', 'sessionIssuer', 'userName');
  const session = kind === 'AssumedRole' ? text(identity, 'arn')?.split('/').at(-1) : undefined;
  const name =
    kind === 'Root'
      ? 'root'
      : (role ??
        text(identity, 'userName') ??
        text(identity, 'onBehalfOf', 'userId') ??
        text(identity, 'arn') ??
        text(identity, 'invokedBy') ??
        text(identity, 'principalId') ??
        text(identity, 'accountId'));
  return name === undefined
    ? undefined
    : { kind, name, facts: facts(['session', session], ['accessKey', text(identity, 'accessKeyId')]) };
}

function serviceName(source: string): string {
  return source.replace(/\.amazonaws\.com(\.cn)?$/, '');
}
