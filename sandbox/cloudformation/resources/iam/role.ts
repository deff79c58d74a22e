import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { added, differs, document, maps, orUndo, tagsOrNone, text, texts } from '../values';

interface RoleAnswer {
  Role: { Arn: string; RoleId: string; RoleName: string } & Record<string, unknown>;
}

function inlinePolicies(properties: ValueMap): Map<string, string> {
  return new Map(
    maps(properties.Policies).map((each) => [String(each.PolicyName), document(each.PolicyDocument) ?? '']),
  );
}

async function furnish(context: ResourceContext, name: string, after: ValueMap, before: ValueMap): Promise<void> {
  const [wanted, had] = [inlinePolicies(after), inlinePolicies(before)];
  for (const [policy, PolicyDocument] of wanted) {
    if (had.get(policy) !== PolicyDocument) {
      await context.call('iam', 'PutRolePolicy', { RoleName: name, PolicyName: policy, PolicyDocument });
    }
  }
  for (const policy of had.keys()) {
    if (!wanted.has(policy)) {
      await ifThere(() => context.call('iam', 'DeleteRolePolicy', { RoleName: name, PolicyName: policy }));
    }
  }
  const [attached, attachedBefore] = [texts(after.ManagedPolicyArns), texts(before.ManagedPolicyArns)];
  for (const PolicyArn of added(attachedBefore, attached)) {
    await context.call('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn });
  }
  for (const PolicyArn of added(attached, attachedBefore)) {
    await ifThere(() => context.call('iam', 'DetachRolePolicy', { RoleName: name, PolicyArn }));
  }
}

async function strip(context: ResourceContext, name: string, properties: ValueMap): Promise<void> {
  await ifThere(async () => {
    await furnish(context, name, {}, properties);
    await context.call('iam', 'DeleteRole', { RoleName: name });
  });
}

async function changeRole(
  context: ResourceContext,
  RoleName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  if (differs(before, after, ['Description', 'MaxSessionDuration'])) {
    const { Description = '', MaxSessionDuration = 3600 } = after;
    await context.call('iam', 'UpdateRole', { RoleName, Description, MaxSessionDuration });
  }
  if (differs(before, after, ['AssumeRolePolicyDocument'])) {
    const PolicyDocument = document(after.AssumeRolePolicyDocument);
    await context.call('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument });
  }
  if (differs(before, after, ['PermissionsBoundary'])) {
    const PermissionsBoundary = text(after.PermissionsBoundary);
    const operation =
      PermissionsBoundary === undefined ? 'DeleteRolePermissionsBoundary' : 'PutRolePermissionsBoundary';
    await context.call('iam', operation, { RoleName, PermissionsBoundary });
  }
  const tags = context.tagChanges(before.Tags, after.Tags);
  if (tags.set.length > 0) {
    await context.call('iam', 'TagRole', { RoleName, Tags: tags.set });
  }
  if (tags.remove.length > 0) {
    await context.call('iam', 'UntagRole', { RoleName, TagKeys: tags.remove });
  }
}

async function readRole(context: ResourceContext, RoleName: string): Promise<ValueMap> {
  const { Role } = await context.call<RoleAnswer>('iam', 'GetRole', { RoleName });
  const attached = await context.call<{ AttachedPolicies?: { PolicyArn: string }[] }>(
    'iam',
    'ListAttachedRolePolicies',
    { RoleName },
  );
  const { PolicyNames = [] } = await context.call<{ PolicyNames?: string[] }>('iam', 'ListRolePolicies', { RoleName });
  const policies: ValueMap[] = [];
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await context.call<{ PolicyDocument?: string }>('iam', 'GetRolePolicy', {
      RoleName,
      PolicyName,
    });
    policies.push({ PolicyName, PolicyDocument: JSON.parse(decodeURIComponent(PolicyDocument)) });
  }
  const boundary = (Role.PermissionsBoundary as { PermissionsBoundaryArn?: string } | undefined)
    ?.PermissionsBoundaryArn;
  return {
    RoleName,
    AssumeRolePolicyDocument: JSON.parse(decodeURIComponent(String(Role.AssumeRolePolicyDocument))),
    Description: (Role.Description as string | undefined) ?? '',
    MaxSessionDuration: (Role.MaxSessionDuration as number | undefined) ?? 3600,
    Path: Role.Path as string,
    ManagedPolicyArns: (attached.AttachedPolicies ?? []).map((each) => each.PolicyArn),
    Policies: policies,
    ...(boundary === undefined ? {} : { PermissionsBoundary: boundary }),
  };
}

/** AWS::IAM::Role */
export const role: ResourceProvider = {
  async create(context, properties) {
    const RoleName = text(properties.RoleName) ?? context.generateName(64);
    const { Role } = await context.call<RoleAnswer>('iam', 'CreateRole', {
      RoleName,
      Path: properties.Path,
      AssumeRolePolicyDocument: document(properties.AssumeRolePolicyDocument),
      Description: properties.Description,
      MaxSessionDuration: properties.MaxSessionDuration,
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: tagsOrNone(context.tags(properties.Tags)),
    });
    await orUndo(
      () => furnish(context, RoleName, properties, {}),
      () => strip(context, RoleName, properties),
    );
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  async update(context, RoleName, after, before) {
    await changeRole(context, RoleName, after, before);
    await furnish(context, RoleName, after, before);
    return undefined;
  },
  delete: strip,
  read: readRole,
  async adopt(context, identifier) {
    const { Role } = await context.call<RoleAnswer>('iam', 'GetRole', { RoleName: identifier.RoleName });
    return { physicalId: Role.RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
};
