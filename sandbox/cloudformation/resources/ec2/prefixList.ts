import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, maps, pick } from '../values';
import { changeTags, ec2, first, known, tagSpecifications, unlessGone } from './shared';

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeManagedPrefixLists', { PrefixListIds: [id] }), 'PrefixLists');
}

function provided(list: ValueMap): ProvidedResource {
  const { PrefixListId, OwnerId, Version, PrefixListArn: Arn } = list;
  return { physicalId: String(PrefixListId), attributes: known({ PrefixListId, OwnerId, Version, Arn }) };
}

/** A list without a size of its own is as large as what it holds. */
function sizeOf(properties: ValueMap) {
  return properties.MaxEntries ?? Math.max(1, maps(properties.Entries).length);
}

async function modifyEntries(context: ResourceContext, id: string, after: ValueMap, before: ValueMap) {
  const wanted = new Set(maps(after.Entries).map(({ Cidr }) => Cidr));
  const had = maps(before.Entries);
  const AddEntries = maps(after.Entries).filter((entry) => {
    const old = had.find(({ Cidr }) => Cidr === entry.Cidr);
    return !old || differs(old, entry, ['Description']);
  });
  const RemoveEntries = had.filter(({ Cidr }) => !wanted.has(Cidr)).map((entry) => pick(entry, ['Cidr']));
  if (AddEntries.length + RemoveEntries.length > 0) {
    const { Version: CurrentVersion } = await found(context, id);
    const input = { PrefixListId: id, CurrentVersion, AddEntries, RemoveEntries };
    await ec2(context, 'ModifyManagedPrefixList', input);
  }
}

/** Name, size and entries change in calls of their own: a list grows before it is filled and shrinks afterwards. */
async function modify(context: ResourceContext, PrefixListId: string, after: ValueMap, before: ValueMap) {
  if (differs(before, after, ['PrefixListName'])) {
    await ec2(context, 'ModifyManagedPrefixList', { PrefixListId, PrefixListName: after.PrefixListName });
  }
  const [MaxEntries, had] = [sizeOf(after), sizeOf(before)];
  const resize = () => ec2(context, 'ModifyManagedPrefixList', { PrefixListId, MaxEntries });
  if (Number(MaxEntries) > Number(had)) {
    await resize();
  }
  await modifyEntries(context, PrefixListId, after, before);
  if (Number(MaxEntries) < Number(had)) {
    await resize();
  }
}

/** AWS::EC2::PrefixList */
export const prefixList: ResourceProvider = {
  async create(context, properties) {
    const made = await ec2(context, 'CreateManagedPrefixList', {
      ...pick(properties, ['PrefixListName', 'AddressFamily', 'Entries']),
      MaxEntries: sizeOf(properties),
      TagSpecifications: tagSpecifications(context, properties.Tags, 'prefix-list'),
    });
    return provided(made.PrefixList as ValueMap);
  },
  async update(context, id, after, before) {
    await modify(context, id, after, before);
    await changeTags(context, id, after.Tags, before.Tags);
    return provided(await found(context, id));
  },
  delete: (context, PrefixListId) => ifThere(() => ec2(context, 'DeleteManagedPrefixList', { PrefixListId })),
  read: (context, id) =>
    unlessGone(async () => {
      const { Entries = [] } = await ec2(context, 'GetManagedPrefixListEntries', { PrefixListId: id });
      return { ...pick(await found(context, id), ['PrefixListName', 'AddressFamily', 'MaxEntries']), Entries };
    }),
  async adopt(context, identifier) {
    return provided(await found(context, identifier.PrefixListId ?? ''));
  },
  replaces: (before, after) => differs(before, after, ['AddressFamily']),
};
