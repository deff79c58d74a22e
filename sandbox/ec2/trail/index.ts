import { ServiceError } from '../../core/errors';
import type { EndedCall, TrailDetails } from '../../core/service';
import type { ServiceSchema } from '../../wire/schema';
import { isEarly } from './names';
import { earlyRequest, lateRequest } from './requests';
import { earlyResponse, lateResponse } from './responses';

type Parameters = Record<string, unknown>;

/** What only RunInstances has: image, key and counts as the set of instances that is wanted. */
function runInstances({ imageId, keyName, minCount, maxCount, ...rest }: Parameters): Parameters {
  const wanted = { imageId, keyName, minCount, maxCount };
  const item = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const userData = rest.userData === undefined ? {} : { userData: '<sensitiveDataRemoved>' };
  return {
    instancesSet: { items: [item] },
    blockDeviceMapping: {},
    monitoring: { enabled: false },
    disableApiTermination: false,
    disableApiStop: false,
    ...rest,
    ...userData,
  };
}

/** Members that some operations' records have though nobody gave them. */
const defaults: Readonly<Record<string, Parameters>> = {
  AuthorizeSecurityGroupIngress: { ipPermissions: {} },
  AuthorizeSecurityGroupEgress: { ipPermissions: {} },
  RevokeSecurityGroupIngress: { ipPermissions: {} },
  RevokeSecurityGroupEgress: { ipPermissions: {} },
  StopInstances: { force: false },
};

/** Sharing an image or a snapshot: the short form of the request is told as the long one. */
const sharing: Readonly<Record<string, { member: string; type: string }>> = {
  ModifyImageAttribute: { member: 'launchPermission', type: 'launchPermission' },
  ModifySnapshotAttribute: { member: 'createVolumePermission', type: 'CREATE_VOLUME_PERMISSION' },
};

function shared(operation: string, told: Parameters, given: Parameters): Parameters {
  const { member, type } = sharing[operation] ?? { member: '', type: '' };
  const { attribute: _attribute, operationType, userId: _users, userGroup: _groups, ...rest } = told;
  const texts = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);
  const users = texts(given.UserIds).map((id) => ({ userId: id }));
  const groups = [...texts(given.UserGroups), ...texts(given.GroupNames)].map((group) => ({ group }));
  const items = [...users, ...groups];
  if (items.length > 0 && typeof operationType === 'string') {
    return { ...rest, [member]: { [operationType]: { items } }, attributeType: type };
  }
  return told[member] === undefined ? told : { ...told, attributeType: type };
}

function requestOf(schema: ServiceSchema, { operation, input }: EndedCall): Parameters | null {
  const shape = schema.operations.get(operation)?.input;
  if (!shape?.isStructSchema()) {
    return null;
  }
  const given = (input ?? {}) as Parameters;
  if (!isEarly(operation)) {
    return lateRequest(operation, shape, given);
  }
  const written = { ...defaults[operation], ...earlyRequest(shape, given) };
  if (operation in sharing) {
    return shared(operation, written, given);
  }
  return operation === 'RunInstances' ? runInstances(written) : written;
}

function responseOf(schema: ServiceSchema, { operation, output, context }: EndedCall): Parameters | null {
  const shape = schema.operations.get(operation)?.output;
  if (!shape || /^(Describe|Get)/.test(operation)) {
    return null;
  }
  return isEarly(operation)
    ? earlyResponse(shape, output, context.requestId)
    : lateResponse(operation, shape, output, context.requestId);
}

/** EC2's calls as CloudTrail tells them. */
export function trailDetails(schema: ServiceSchema, call: EndedCall): TrailDetails {
  const { error } = call;
  const side = error instanceof ServiceError && (error.status ?? 400) < 500 ? 'Client' : 'Server';
  return {
    requestParameters: requestOf(schema, call),
    ...(error === undefined ? { responseElements: responseOf(schema, call) } : {}),
    ...(error instanceof ServiceError ? { errorCode: `${side}.${error.code}` } : {}),
  };
}
