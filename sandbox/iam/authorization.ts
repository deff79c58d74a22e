import { requestTagConditions, resourceTagConditions, type Tag, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext } from '../core/service';
import { type Entity, entityByArn, type IamState, nameKey } from './state';

type Input = Record<string, unknown>;

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function entityArn(state: IamState, kind: Entity['kind'], name: string, input: Input, context: CallContext): string {
  const account = state.account(context.accountId);
  const maps = { user: account.users, group: account.groups, role: account.roles };
  const entity: Entity | undefined = maps[kind].get(nameKey(name));
  return entity
    ? state.entityArn(context.accountId, entity)
    : state.arn(context.accountId, kind, text(input.Path) ?? '/', name);
}

const callersOwn =
  /^(GetUser|CreateAccessKey|DeleteAccessKey|UpdateAccessKey|ListAccessKeys|ChangePassword|CreateLoginProfile|GetLoginProfile|UpdateLoginProfile|DeleteLoginProfile|ListMFADevices|DeactivateMFADevice)$/;

/** Lists are asked about the path under which they look. */
const lists: Readonly<Record<string, string>> = {
  ListRoles: 'role',
  ListUsers: 'user',
  ListGroups: 'group',
  ListPolicies: 'policy',
  ListInstanceProfiles: 'instance-profile',
};

/** The ARN on which an operation acts, as the Service Authorization Reference lists it. */
function resourceOf(state: IamState, operation: string, input: Input, context: CallContext): string {
  const arn = (kind: string, name: string) => state.arn(context.accountId, kind, text(input.Path) ?? '/', name);
  const list = lists[operation];
  if (list) {
    return state.arn(context.accountId, list, text(input.PathPrefix) ?? '/', '');
  }
  const [role, group, user] = [text(input.RoleName), text(input.GroupName), text(input.UserName)];
  if (text(input.InstanceProfileName)) {
    return arn('instance-profile', text(input.InstanceProfileName) ?? '');
  }
  if (role) {
    return entityArn(state, 'role', role, input, context);
  }
  if (group) {
    return entityArn(state, 'group', group, input, context);
  }
  if (user) {
    return entityArn(state, 'user', user, input, context);
  }
  if (callersOwn.test(operation) && context.caller.kind === 'user') {
    return context.caller.arn;
  }
  if (operation === 'CreatePolicy') {
    return arn('policy', text(input.PolicyName) ?? '');
  }
  if (operation === 'CreateServiceLinkedRole') {
    const service = text(input.AWSServiceName) ?? '';
    return `arn:${state.partition}:iam::${context.accountId}:role/aws-service-role/${service}/*`;
  }
  if (operation === 'CreateSAMLProvider') {
    return arn('saml-provider', text(input.Name) ?? '');
  }
  if (text(input.ServerCertificateName)) {
    return arn('server-certificate', text(input.ServerCertificateName) ?? '');
  }
  const named = [input.PolicyArn, input.SAMLProviderArn, input.OpenIDConnectProviderArn, input.PolicySourceArn].map(
    text,
  );
  return named.find((each) => each?.startsWith('arn:')) ?? deviceOf(input, arn) ?? '*';
}

function deviceOf(input: Input, arn: (kind: string, name: string) => string): string | undefined {
  const name = text(input.VirtualMFADeviceName);
  return name === undefined ? text(input.SerialNumber) : arn('mfa', name);
}

function conditionsOf(
  state: IamState,
  operation: string,
  input: Input,
  resource: string,
): Record<string, string | readonly string[]> {
  const found = entityByArn(state, resource)?.entity;
  const tags = Array.isArray(input.Tags) ? requestTagConditions(tagsFrom(input.Tags as Tag[])) : {};
  const keys: Record<string, readonly string[]> = Array.isArray(input.TagKeys)
    ? { 'aws:TagKeys': input.TagKeys as string[] }
    : {};
  const boundary = text(input.PermissionsBoundary) ?? (operation.startsWith('Create') ? undefined : found?.boundary);
  const own = found ? resourceTagConditions(found.tags) : {};
  const iamTags = Object.fromEntries([...(found?.tags ?? [])].map(([key, value]) => [`iam:ResourceTag/${key}`, value]));
  return {
    ...own,
    ...iamTags,
    ...tags,
    ...keys,
    ...(boundary ? { 'iam:PermissionsBoundary': boundary } : {}),
    ...(/^(Attach|Detach)/.test(operation) && text(input.PolicyArn)
      ? { 'iam:PolicyARN': text(input.PolicyArn) ?? '' }
      : {}),
    ...(text(input.AWSServiceName) ? { 'iam:AWSServiceName': text(input.AWSServiceName) ?? '' } : {}),
  };
}

/** What IAM asks about its own operations. */
export function iamAuthorization(
  state: IamState,
  operation: string,
  input: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const given = (input ?? {}) as Input;
  const resource = resourceOf(state, operation, given, context);
  const requests: AuthorizationRequest[] = [
    { action: `iam:${operation}`, resources: [resource], conditions: conditionsOf(state, operation, given, resource) },
  ];
  if (operation === 'AddRoleToInstanceProfile') {
    const role = entityArn(state, 'role', text(given.RoleName) ?? '', {}, context);
    requests.push({
      action: 'iam:PassRole',
      resources: [role],
      conditions: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    });
  }
  const creates = /^Create(Role|User|Policy|InstanceProfile|SAMLProvider|OpenIDConnectProvider|VirtualMFADevice)$/.exec(
    operation,
  );
  if (creates && Array.isArray(given.Tags) && given.Tags.length > 0) {
    const kind = creates[1] === 'VirtualMFADevice' ? 'MFADevice' : creates[1];
    requests.push({ action: `iam:Tag${kind}`, resources: [resource], conditions: requests[0]?.conditions });
  }
  return requests;
}
