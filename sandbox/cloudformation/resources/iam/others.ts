import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { added, differs, orUndo, text, texts } from '../values';

async function profileRoles(
  context: ResourceContext,
  InstanceProfileName: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  const [wanted, had] = [texts(after.Roles), texts(before.Roles)];
  for (const RoleName of added(wanted, had)) {
    await ifThere(() => context.call('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName }));
  }
  for (const RoleName of added(had, wanted)) {
    await context.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
  }
}

async function removeProfile(
  context: ResourceContext,
  InstanceProfileName: string,
  properties: ValueMap,
): Promise<void> {
  await ifThere(async () => {
    await profileRoles(context, InstanceProfileName, {}, properties);
    await context.call('iam', 'DeleteInstanceProfile', { InstanceProfileName });
  });
}

/** AWS::IAM::InstanceProfile */
export const instanceProfile: ResourceProvider = {
  async create(context, properties) {
    const InstanceProfileName = text(properties.InstanceProfileName) ?? context.generateName(128);
    const { InstanceProfile } = await context.call<{ InstanceProfile: { Arn: string } }>(
      'iam',
      'CreateInstanceProfile',
      {
        InstanceProfileName,
        Path: properties.Path,
      },
    );
    await orUndo(
      () => profileRoles(context, InstanceProfileName, properties, {}),
      () => removeProfile(context, InstanceProfileName, properties),
    );
    return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile.Arn } };
  },
  async update(context, name, after, before) {
    await profileRoles(context, name, after, before);
    return undefined;
  },
  delete: removeProfile,
};

/** AWS::IAM::AccessKey */
export const accessKey: ResourceProvider = {
  async create(context, { UserName, Status }) {
    const { AccessKey } = await context.call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
      'iam',
      'CreateAccessKey',
      { UserName },
    );
    const { AccessKeyId, SecretAccessKey } = AccessKey;
    if (Status === 'Inactive') {
      await context.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status });
    }
    return { physicalId: AccessKeyId, attributes: { SecretAccessKey, Id: AccessKeyId } };
  },
  async update(context, AccessKeyId, after, before) {
    if (differs(before, after, ['Status'])) {
      const { UserName, Status = 'Active' } = after;
      await context.call('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status });
    }
    return undefined;
  },
  delete: (context, AccessKeyId, { UserName }) =>
    ifThere(() => context.call('iam', 'DeleteAccessKey', { UserName, AccessKeyId })),
};

/** AWS::IAM::ServiceLinkedRole */
export const serviceLinkedRole: ResourceProvider = {
  async create(context, { AWSServiceName, CustomSuffix, Description }) {
    const { Role } = await context.call<{ Role: { RoleName: string; Arn: string } }>('iam', 'CreateServiceLinkedRole', {
      AWSServiceName,
      CustomSuffix,
      Description,
    });
    return { physicalId: Role.RoleName, attributes: { RoleName: Role.RoleName, Arn: Role.Arn } };
  },
  async update(context, RoleName, { Description = '' }) {
    await context.call('iam', 'UpdateRole', { RoleName, Description });
    return undefined;
  },
  delete: (context, RoleName) => ifThere(() => context.call('iam', 'DeleteServiceLinkedRole', { RoleName })),
};

/** AWS::IAM::OIDCProvider */
export const oidcProvider: ResourceProvider = {
  async create(context, { Url, ClientIdList, ThumbprintList, Tags }) {
    const tags = context.tags(Tags);
    const answer = await context.call<{ OpenIDConnectProviderArn: string }>('iam', 'CreateOpenIDConnectProvider', {
      Url,
      ClientIDList: ClientIdList,
      ThumbprintList,
      Tags: tags.length === 0 ? undefined : tags,
    });
    const Arn = answer.OpenIDConnectProviderArn;
    return { physicalId: Arn, attributes: { Arn } };
  },
  async update(context, OpenIDConnectProviderArn, after, before) {
    for (const ClientID of added(texts(before.ClientIdList), texts(after.ClientIdList))) {
      await context.call('iam', 'AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID });
    }
    for (const ClientID of added(texts(after.ClientIdList), texts(before.ClientIdList))) {
      await context.call('iam', 'RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID });
    }
    if (differs(before, after, ['ThumbprintList'])) {
      const ThumbprintList = after.ThumbprintList ?? [];
      await context.call('iam', 'UpdateOpenIDConnectProviderThumbprint', { OpenIDConnectProviderArn, ThumbprintList });
    }
    return undefined;
  },
  delete: (context, OpenIDConnectProviderArn) =>
    ifThere(() => context.call('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn })),
};
