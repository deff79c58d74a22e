import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { document, text, texts } from '../values';

/** The holders that an inline policy goes to: a property and the operations that go with it. */
const holders = [
  { property: 'Roles', member: 'RoleName', kind: 'Role' },
  { property: 'Users', member: 'UserName', kind: 'User' },
  { property: 'Groups', member: 'GroupName', kind: 'Group' },
] as const;

async function put(context: ResourceContext, properties: ValueMap): Promise<void> {
  const PolicyName = text(properties.PolicyName);
  const PolicyDocument = document(properties.PolicyDocument);
  for (const { property, member, kind } of holders) {
    for (const name of texts(properties[property])) {
      await context.call('iam', `Put${kind}Policy`, { [member]: name, PolicyName, PolicyDocument });
    }
  }
}

async function remove(context: ResourceContext, properties: ValueMap, keep: ValueMap = {}): Promise<void> {
  const { PolicyName } = properties;
  for (const { property, member, kind } of holders) {
    const kept = keep.PolicyName === PolicyName ? texts(keep[property]) : [];
    for (const name of texts(properties[property]).filter((each) => !kept.includes(each))) {
      await ifThere(() => context.call('iam', `Delete${kind}Policy`, { [member]: name, PolicyName }));
    }
  }
}

/** AWS::IAM::Policy: an inline policy of roles, users and groups. */
export const policy: ResourceProvider = {
  async create(context, properties) {
    if (holders.every(({ property }) => texts(properties[property]).length === 0)) {
      throw new Error('At least one of [Groups,Roles,Users] must be non-empty.');
    }
    await put(context, properties);
    const physicalId = context.generateName(128);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(context, _physicalId, after, before) {
    await put(context, after);
    await remove(context, before, after);
    return undefined;
  },
  delete: (context, _physicalId, properties) => remove(context, properties),
};

/** AWS::IAM::RolePolicy, UserPolicy and GroupPolicy: one inline policy of one holder. */
export function inlinePolicy(kind: 'Role' | 'User' | 'Group'): ResourceProvider {
  const member = `${kind}Name`;
  const write = (context: ResourceContext, properties: ValueMap) =>
    context.call('iam', `Put${kind}Policy`, {
      [member]: properties[member],
      PolicyName: properties.PolicyName,
      PolicyDocument: document(properties.PolicyDocument) ?? '{}',
    });
  return {
    async create(context, properties) {
      await write(context, properties);
      return { physicalId: `${properties.PolicyName}|${properties[member]}`, reference: text(properties.PolicyName) };
    },
    async update(context, _physicalId, after) {
      await write(context, after);
      return undefined;
    },
    delete: (context, _physicalId, properties) =>
      ifThere(() =>
        context.call('iam', `Delete${kind}Policy`, { [member]: properties[member], PolicyName: properties.PolicyName }),
      ),
  };
}
