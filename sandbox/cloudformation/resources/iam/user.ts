import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { added, differs, document, map, maps, orUndo, tagsOrNone, text, texts } from '../values';

/** Inline and managed policies of users and groups, and a user's groups and console password. */
async function furnish(
  context: ResourceContext,
  kind: 'User' | 'Group',
  name: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  const holder = { [`${kind}Name`]: name };
  const wanted = maps(after.Policies).map((each) => String(each.PolicyName));
  for (const each of maps(after.Policies)) {
    const PolicyDocument = document(each.PolicyDocument);
    await context.call('iam', `Put${kind}Policy`, { ...holder, PolicyName: each.PolicyName, PolicyDocument });
  }
  for (const { PolicyName } of maps(before.Policies)) {
    if (!wanted.includes(String(PolicyName))) {
      await ifThere(() => context.call('iam', `Delete${kind}Policy`, { ...holder, PolicyName }));
    }
  }
  const [attached, attachedBefore] = [texts(after.ManagedPolicyArns), texts(before.ManagedPolicyArns)];
  for (const PolicyArn of added(attachedBefore, attached)) {
    await context.call('iam', `Attach${kind}Policy`, { ...holder, PolicyArn });
  }
  for (const PolicyArn of added(attached, attachedBefore)) {
    await ifThere(() => context.call('iam', `Detach${kind}Policy`, { ...holder, PolicyArn }));
  }
}

async function groups(context: ResourceContext, UserName: string, after: ValueMap, before: ValueMap): Promise<void> {
  const [wanted, had] = [texts(after.Groups), texts(before.Groups)];
  for (const GroupName of added(had, wanted)) {
    await context.call('iam', 'AddUserToGroup', { GroupName, UserName });
  }
  for (const GroupName of added(wanted, had)) {
    await ifThere(() => context.call('iam', 'RemoveUserFromGroup', { GroupName, UserName }));
  }
}

async function login(context: ResourceContext, UserName: string, after: ValueMap, before: ValueMap): Promise<void> {
  if (!differs(before, after, ['LoginProfile'])) {
    return;
  }
  if (after.LoginProfile === undefined) {
    await ifThere(() => context.call('iam', 'DeleteLoginProfile', { UserName }));
    return;
  }
  const { Password, PasswordResetRequired = false } = map(after.LoginProfile);
  const operation = before.LoginProfile === undefined ? 'CreateLoginProfile' : 'UpdateLoginProfile';
  await context.call('iam', operation, { UserName, Password, PasswordResetRequired });
}

async function removeUser(context: ResourceContext, UserName: string, properties: ValueMap): Promise<void> {
  await ifThere(async () => {
    await login(context, UserName, {}, properties);
    await groups(context, UserName, {}, properties);
    await furnish(context, 'User', UserName, {}, properties);
    await context.call('iam', 'DeleteUser', { UserName });
  });
}

/** AWS::IAM::User */
export const user: ResourceProvider = {
  async create(context, properties) {
    const UserName = text(properties.UserName) ?? context.generateName(64);
    const { User } = await context.call<{ User: { Arn: string } }>('iam', 'CreateUser', {
      UserName,
      Path: properties.Path,
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: tagsOrNone(context.tags(properties.Tags)),
    });
    await orUndo(
      async () => {
        await furnish(context, 'User', UserName, properties, {});
        await groups(context, UserName, properties, {});
        await login(context, UserName, properties, {});
      },
      () => removeUser(context, UserName, properties),
    );
    return { physicalId: UserName, attributes: { Arn: User.Arn } };
  },
  async update(context, UserName, after, before) {
    if (differs(before, after, ['Path'])) {
      await context.call('iam', 'UpdateUser', { UserName, NewPath: after.Path ?? '/' });
    }
    await furnish(context, 'User', UserName, after, before);
    await groups(context, UserName, after, before);
    await login(context, UserName, after, before);
    const tags = context.tagChanges(before.Tags, after.Tags);
    if (tags.set.length > 0) {
      await context.call('iam', 'TagUser', { UserName, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('iam', 'UntagUser', { UserName, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: removeUser,
};

async function removeGroup(context: ResourceContext, GroupName: string, properties: ValueMap): Promise<void> {
  await ifThere(async () => {
    await furnish(context, 'Group', GroupName, {}, properties);
    await context.call('iam', 'DeleteGroup', { GroupName });
  });
}

/** AWS::IAM::Group */
export const group: ResourceProvider = {
  async create(context, properties) {
    const GroupName = text(properties.GroupName) ?? context.generateName(128);
    const { Group } = await context.call<{ Group: { Arn: string } }>('iam', 'CreateGroup', {
      GroupName,
      Path: properties.Path,
    });
    await orUndo(
      () => furnish(context, 'Group', GroupName, properties, {}),
      () => removeGroup(context, GroupName, properties),
    );
    return { physicalId: GroupName, attributes: { Arn: Group.Arn } };
  },
  async update(context, GroupName, after, before) {
    await furnish(context, 'Group', GroupName, after, before);
    return undefined;
  },
  delete: removeGroup,
};

/** AWS::IAM::UserToGroupAddition */
export const userToGroupAddition: ResourceProvider = {
  async create(context, { GroupName, Users }) {
    for (const UserName of texts(Users)) {
      await context.call('iam', 'AddUserToGroup', { GroupName, UserName });
    }
    const physicalId = context.generateName(128);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(context, _physicalId, after, before) {
    const same = after.GroupName === before.GroupName;
    for (const UserName of same ? added(texts(before.Users), texts(after.Users)) : texts(after.Users)) {
      await context.call('iam', 'AddUserToGroup', { GroupName: after.GroupName, UserName });
    }
    for (const UserName of same ? added(texts(after.Users), texts(before.Users)) : texts(before.Users)) {
      await ifThere(() => context.call('iam', 'RemoveUserFromGroup', { GroupName: before.GroupName, UserName }));
    }
    return undefined;
  },
  async delete(context, _physicalId, { GroupName, Users }) {
    for (const UserName of texts(Users)) {
      await ifThere(() => context.call('iam', 'RemoveUserFromGroup', { GroupName, UserName }));
    }
  },
};
