import type { GetAccountAuthorizationDetailsRequest, UpdateAccountPasswordPolicyRequest } from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import type { World } from '../core/world';
import { encodeDocument } from './documents';
import { page } from './page';
import type { Policies } from './policies';
import { groupShape, profileShape, roleWithUse, userShape } from './shapes';
import { type Entity, type IamAccount, type IamState, nameKey, noSuchEntity } from './state';
import { alreadyExists, checkRanges } from './validate';

const quotas = {
  UsersQuota: 5000,
  GroupsQuota: 300,
  RolesQuota: 1000,
  PoliciesQuota: 1500,
  InstanceProfilesQuota: 1000,
  ServerCertificatesQuota: 20,
  GroupsPerUserQuota: 10,
  AccessKeysPerUserQuota: 2,
  SigningCertificatesPerUserQuota: 2,
  UserPolicySizeQuota: 2048,
  GroupPolicySizeQuota: 5120,
  RolePolicySizeQuota: 10_240,
  PolicySizeQuota: 6144,
  AssumeRolePolicySizeQuota: 2048,
  AttachedPoliciesPerUserQuota: 10,
  AttachedPoliciesPerGroupQuota: 10,
  AttachedPoliciesPerRoleQuota: 10,
  VersionsPerPolicyQuota: 5,
  PolicyVersionsInUseQuota: 10_000,
  GlobalEndpointTokenVersion: 1,
};

function summary(account: IamAccount): Record<string, number> {
  const devices = [...account.mfaDevices.values()];
  return {
    ...quotas,
    Users: account.users.size,
    Groups: account.groups.size,
    Roles: account.roles.size,
    Policies: account.policies.size,
    InstanceProfiles: account.instanceProfiles.size,
    Providers: account.samlProviders.size + account.oidcProviders.size,
    ServerCertificates: 0,
    MFADevices: devices.length,
    MFADevicesInUse: devices.filter((device) => device.user !== undefined).length,
    AccountMFAEnabled: 1,
    AccountAccessKeysPresent: account.root.accessKeys.size > 0 ? 1 : 0,
    AccountSigningCertificatesPresent: 0,
    AccountPasswordPresent: 1,
    PolicyVersionsInUse: [...account.policies.values()].reduce((sum, policy) => sum + policy.versions.size, 0),
  };
}

function attachedOf(policies: Policies, entity: Entity) {
  return [...entity.attached].map((arn) => ({ PolicyName: policies.find(arn)?.name, PolicyArn: arn }));
}

function inlineOf(entity: Entity) {
  return [...entity.inline].map(([PolicyName, document]) => ({ PolicyName, PolicyDocument: encodeDocument(document) }));
}

type Detail = readonly [list: string, filter: string, shape: object];

function details(state: IamState, policies: Policies, accountId: string): Detail[] {
  const account = state.account(accountId);
  const users = [...account.users.values()].map((user) => ({
    ...userShape(state, accountId, user),
    UserPolicyList: inlineOf(user),
    GroupList: [...user.groups].flatMap((name) => account.groups.get(name)?.name ?? []),
    AttachedManagedPolicies: attachedOf(policies, user),
  }));
  const groups = [...account.groups.values()].map((group) => ({
    ...groupShape(state, accountId, group),
    GroupPolicyList: inlineOf(group),
    AttachedManagedPolicies: attachedOf(policies, group),
  }));
  const roles = [...account.roles.values()].map((role) => ({
    ...roleWithUse(state, accountId, role),
    InstanceProfileList: [...account.instanceProfiles.values()]
      .filter((profile) => profile.role === nameKey(role.name))
      .map((profile) => profileShape(state, accountId, profile)),
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: attachedOf(policies, role),
  }));
  const managed = policies.list(account, undefined).map((policy) => ({
    ...policies.shape(policy, account, false),
    Description: policy.description,
    PolicyVersionList: [...policy.versions.values()].map((version) => ({
      Document: encodeDocument(version.document),
      VersionId: version.id,
      IsDefaultVersion: version.id === policy.defaultVersion,
      CreateDate: version.createdAt,
    })),
  }));
  const used = managed.filter((policy) => !policy.Arn.includes('::aws:') || policy.AttachmentCount > 0);
  return [
    ...users.map((shape) => ['UserDetailList', 'User', shape] as const),
    ...groups.map((shape) => ['GroupDetailList', 'Group', shape] as const),
    ...roles.map((shape) => ['RoleDetailList', 'Role', shape] as const),
    ...used.map(
      (shape) => ['Policies', shape.Arn.includes('::aws:') ? 'AWSManagedPolicy' : 'LocalManagedPolicy', shape] as const,
    ),
  ];
}

function authorizationDetails(state: IamState, policies: Policies): Handler {
  return (input: GetAccountAuthorizationDetailsRequest, context) => {
    const wanted = details(state, policies, context.accountId).filter(
      ([, filter]) => !input.Filter?.length || input.Filter.includes(filter as never),
    );
    const { Items, ...rest } = page('Items', wanted, input);
    const lists: Record<string, object[]> = {
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: [],
      Policies: [],
    };
    for (const [list, , shape] of Items as Detail[]) {
      lists[list]?.push(shape);
    }
    return { ...lists, ...rest };
  };
}

function aliasOperations(state: IamState, world: World): Record<string, Handler> {
  return {
    CreateAccountAlias: (input: { AccountAlias?: string }, context) => {
      const alias = input.AccountAlias ?? '';
      if (!/^[a-z0-9](-?[a-z0-9]+)*$/.test(alias) || alias.length < 3 || alias.length > 63) {
        const message = `1 validation error detected: Value '${alias}' at 'accountAlias' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`;
        throw new ServiceError('ValidationError', message, 400);
      }
      if ([...world.accounts.keys()].some((id) => id !== context.accountId && state.account(id).alias === alias)) {
        throw alreadyExists(`The account alias ${alias} already exists.`);
      }
      state.account(context.accountId).alias = alias;
      return {};
    },
    DeleteAccountAlias: (input: { AccountAlias?: string }, context) => {
      const account = state.account(context.accountId);
      if (account.alias !== input.AccountAlias) {
        throw noSuchEntity(`The Account Alias ${input.AccountAlias} cannot be found.`);
      }
      account.alias = undefined;
      return {};
    },
    ListAccountAliases: (_input, context) => {
      const { alias } = state.account(context.accountId);
      return { AccountAliases: alias ? [alias] : [], IsTruncated: false };
    },
  };
}

function passwordOperations(state: IamState): Record<string, Handler> {
  const missing = (accountId: string) =>
    noSuchEntity(`The Password Policy with domain name ${accountId} cannot be found.`);
  return {
    UpdateAccountPasswordPolicy: (input: UpdateAccountPasswordPolicyRequest, context) => {
      checkRanges(
        [input.MinimumPasswordLength, 'minimumPasswordLength', 6, 128],
        [input.PasswordReusePrevention, 'passwordReusePrevention', 1, 24],
        [input.MaxPasswordAge, 'maxPasswordAge', 1, 1095],
      );
      const off = {
        MinimumPasswordLength: 6,
        RequireSymbols: false,
        RequireNumbers: false,
        RequireUppercaseCharacters: false,
        RequireLowercaseCharacters: false,
        AllowUsersToChangePassword: false,
      };
      state.account(context.accountId).passwordPolicy = { ...off, ...input };
      return {};
    },
    GetAccountPasswordPolicy: (_input, context) => {
      const { passwordPolicy } = state.account(context.accountId);
      if (!passwordPolicy) {
        throw missing(context.accountId);
      }
      return { PasswordPolicy: { ...passwordPolicy, ExpirePasswords: passwordPolicy.MaxPasswordAge !== undefined } };
    },
    DeleteAccountPasswordPolicy: (_input, context) => {
      const account = state.account(context.accountId);
      if (!account.passwordPolicy) {
        throw noSuchEntity('The account policy with name PasswordPolicy cannot be found.');
      }
      account.passwordPolicy = undefined;
      return {};
    },
  };
}

/** What concerns the account as a whole. */
export function accountOperations(state: IamState, policies: Policies, world: World): Record<string, Handler> {
  return {
    ...aliasOperations(state, world),
    ...passwordOperations(state),
    GetAccountSummary: (_input, context) => ({ SummaryMap: summary(state.account(context.accountId)) }),
    GetAccountAuthorizationDetails: authorizationDetails(state, policies),
  };
}
