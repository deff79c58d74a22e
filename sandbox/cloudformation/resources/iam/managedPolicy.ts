import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { added, differs, document, orUndo, text, texts } from '../values';

const holders = [
  { property: 'Roles', member: 'RoleName', kind: 'Role' },
  { property: 'Users', member: 'UserName', kind: 'User' },
  { property: 'Groups', member: 'GroupName', kind: 'Group' },
] as const;

async function attach(context: ResourceContext, PolicyArn: string, after: ValueMap, before: ValueMap): Promise<void> {
  for (const { property, member, kind } of holders) {
    const [wanted, had] = [texts(after[property]), texts(before[property])];
    for (const name of added(had, wanted)) {
      await context.call('iam', `Attach${kind}Policy`, { [member]: name, PolicyArn });
    }
    for (const name of added(wanted, had)) {
      await ifThere(() => context.call('iam', `Detach${kind}Policy`, { [member]: name, PolicyArn }));
    }
  }
}

interface Versions {
  Versions?: { VersionId: string; IsDefaultVersion: boolean }[];
}

/** A managed policy keeps five versions: the old ones go first. */
async function dropVersions(context: ResourceContext, PolicyArn: string): Promise<void> {
  const { Versions = [] } = await context.call<Versions>('iam', 'ListPolicyVersions', { PolicyArn });
  for (const { VersionId, IsDefaultVersion } of Versions) {
    if (!IsDefaultVersion) {
      await context.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId });
    }
  }
}

async function remove(context: ResourceContext, PolicyArn: string, properties: ValueMap): Promise<void> {
  await ifThere(async () => {
    await attach(context, PolicyArn, {}, properties);
    await dropVersions(context, PolicyArn);
    await context.call('iam', 'DeletePolicy', { PolicyArn });
  });
}

/** AWS::IAM::ManagedPolicy */
export const managedPolicy: ResourceProvider = {
  async create(context, properties) {
    const { Policy } = await context.call<{ Policy: { Arn: string; PolicyId: string } }>('iam', 'CreatePolicy', {
      PolicyName: text(properties.ManagedPolicyName) ?? context.generateName(128),
      PolicyDocument: document(properties.PolicyDocument),
      Path: properties.Path,
      Description: properties.Description,
    });
    const physicalId = Policy.Arn;
    await orUndo(
      () => attach(context, physicalId, properties, {}),
      () => remove(context, physicalId, properties),
    );
    return {
      physicalId,
      attributes: {
        PolicyArn: physicalId,
        PolicyId: Policy.PolicyId,
        DefaultVersionId: 'v1',
        AttachmentCount: 0,
        IsAttachable: true,
      },
    };
  },
  async update(context, PolicyArn, after, before) {
    if (differs(before, after, ['PolicyDocument'])) {
      await dropVersions(context, PolicyArn);
      const PolicyDocument = document(after.PolicyDocument);
      await context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
    }
    await attach(context, PolicyArn, after, before);
    return undefined;
  },
  delete: remove,
};
