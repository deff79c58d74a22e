import { tagList } from '../common/tags';
import { encodeDocument } from './documents';
import type { Entity, Group, IamState, InstanceProfile, ManagedPolicy, Role, User } from './state';
import { trustPolicyNow } from './trust';

function common(state: IamState, accountId: string, entity: Entity) {
  return { Path: entity.path, Arn: state.entityArn(accountId, entity), CreateDate: entity.createdAt };
}

function boundaryOf(entity: Entity) {
  return entity.boundary
    ? // Not the word of the API's reference, but of its answers.
      { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: entity.boundary }
    : undefined;
}

/** A user as IAM tells it; lists leave tags and boundary out. */
export function userShape(state: IamState, accountId: string, user: User, whole = true) {
  return {
    ...common(state, accountId, user),
    UserName: user.name,
    UserId: user.id,
    ...(whole ? { PermissionsBoundary: boundaryOf(user), Tags: tagsOrNothing(user) } : {}),
  };
}

export function groupShape(state: IamState, accountId: string, group: Group) {
  return { ...common(state, accountId, group), GroupName: group.name, GroupId: group.id };
}

export function roleShape(state: IamState, accountId: string, role: Role, whole = true) {
  return {
    ...common(state, accountId, role),
    RoleName: role.name,
    RoleId: role.id,
    AssumeRolePolicyDocument: encodeDocument(trustPolicyNow(state, role)),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(whole
      ? {
          PermissionsBoundary: boundaryOf(role),
          Tags: tagsOrNothing(role),
        }
      : {}),
  };
}

/** As `GetRole` tells it: with when it was last used. */
export function roleWithUse(state: IamState, accountId: string, role: Role) {
  const RoleLastUsed = role.lastUsed ? { LastUsedDate: role.lastUsed.at, Region: role.lastUsed.region } : {};
  return { ...roleShape(state, accountId, role), RoleLastUsed };
}

function tagsOrNothing(entity: { readonly tags: Entity['tags'] }) {
  return entity.tags.size > 0 ? tagList(entity.tags) : undefined;
}

export function policyShape(policy: ManagedPolicy, uses: { attached: number; boundaries: number }, whole = true) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: uses.attached,
    PermissionsBoundaryUsageCount: uses.boundaries,
    IsAttachable: true,
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
    ...(whole ? { Description: policy.description, Tags: tagList(policy.tags) } : {}),
  };
}

export function profileShape(state: IamState, accountId: string, profile: InstanceProfile) {
  const role = profile.role === undefined ? undefined : state.account(accountId).roles.get(profile.role);
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: state.arn(accountId, 'instance-profile', profile.path, profile.name),
    CreateDate: profile.createdAt,
    Roles: role ? [roleShape(state, accountId, role, false)] : [],
    Tags: tagList(profile.tags),
  };
}
