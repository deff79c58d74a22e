import type {
  CreateManagedPrefixListRequest,
  DeleteManagedPrefixListRequest,
  DescribeManagedPrefixListsRequest,
  DescribePrefixListsRequest,
  GetManagedPrefixListAssociationsRequest,
  GetManagedPrefixListEntriesRequest,
  ModifyManagedPrefixListRequest,
  RestoreManagedPrefixListVersionRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ec2Error, missingParameter } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { newId } from '../ids';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place, PrefixList, PrefixListEntry } from '../state';
import { rangeText, readRange } from './cidr';

function isAws(list: PrefixList): boolean {
  return list.ownerId === 'AWS';
}

/** @throws ServiceError `InvalidPrefixListID.NotFound` */
function findList(cell: Cell, id: string | undefined): PrefixList {
  const list = cell.prefixLists.get(id ?? '');
  if (!list) {
    throw ec2Error('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist.`);
  }
  return list;
}

/** A list that the account may change. @throws ServiceError `UnsupportedOperation`, `InvalidPrefixListID.NotFound` */
function ownList(cell: Cell, id: string | undefined): PrefixList {
  const list = findList(cell, id);
  if (isAws(list)) {
    throw ec2Error('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist.`);
  }
  return list;
}

function shapeOf(list: PrefixList, { cell, ec2 }: Place) {
  const owner = isAws(list) ? 'aws' : cell.site.accountId;
  return {
    PrefixListId: list.id,
    PrefixListName: list.name,
    PrefixListArn: ec2.arn({ ...cell.site, accountId: owner }, `prefix-list/${list.id}`),
    AddressFamily: list.family,
    State: list.state,
    StateMessage: list.stateMessage,
    MaxEntries: list.maxEntries,
    Version: isAws(list) ? undefined : list.versions.length,
    OwnerId: list.ownerId,
    Tags: tagList(list.tags),
    IpamPrefixListResolverSyncEnabled: false,
  };
}

/** Entries in canonical form. @throws ServiceError `InvalidParameterValue` */
function readEntries(family: PrefixList['family'], entries: readonly { Cidr?: string; Description?: string }[]) {
  return entries.map(({ Cidr, Description }): PrefixListEntry => {
    const range = readRange(Cidr);
    if (!range || range.family !== (family === 'IPv4' ? 4 : 6)) {
      throw ec2Error('InvalidParameterValue', `The CIDR '${Cidr}' is invalid for address family ${family}.`);
    }
    return { cidr: rangeText(range), description: Description };
  });
}

function checkCount(entries: number, maxEntries: number): void {
  if (entries > maxEntries) {
    const message = 'You have reached the maximum number of entries for the prefix list.';
    throw ec2Error('PrefixListMaxEntriesExceeded', message);
  }
}

function checkName(name: string | undefined): string {
  if (!name) {
    throw missingParameter('PrefixListName');
  }
  if (name.length > 255 || name.toLowerCase().startsWith('com.amazonaws')) {
    const message = `Value (${name}) for parameter PrefixListName is invalid. The name cannot start with com.amazonaws and can have up to 255 characters.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  return name;
}

function createList(input: CreateManagedPrefixListRequest, place: Place) {
  const { AddressFamily: family, MaxEntries: maxEntries } = input;
  if (family !== 'IPv4' && family !== 'IPv6') {
    throw ec2Error('InvalidParameterValue', `Value (${family}) for parameter AddressFamily is invalid.`);
  }
  if (maxEntries === undefined) {
    throw missingParameter('MaxEntries');
  }
  if (maxEntries < 1 || maxEntries > 1000) {
    throw ec2Error('InvalidParameterValue', `Value (${maxEntries}) for parameter MaxEntries is invalid.`);
  }
  const entries = readEntries(family, input.Entries ?? []);
  checkCount(entries.length, maxEntries);
  const list: PrefixList = {
    id: newId('pl'),
    name: checkName(input.PrefixListName),
    ownerId: place.cell.site.accountId,
    family,
    maxEntries,
    state: 'create-complete',
    versions: [entries],
    tags: tagsOf(input.TagSpecifications, 'prefix-list'),
  };
  place.cell.prefixLists.set(list.id, list);
  return { PrefixList: { ...shapeOf(list, place), State: 'create-in-progress' } };
}

function newEntries(list: PrefixList, input: ModifyManagedPrefixListRequest): PrefixListEntry[] {
  const added = readEntries(list.family, input.AddEntries ?? []);
  const removed = new Set(readEntries(list.family, input.RemoveEntries ?? []).map(({ cidr }) => cidr));
  const before = list.versions.at(-1) ?? [];
  const missing = [...removed].find((cidr) => !before.some((entry) => entry.cidr === cidr));
  if (missing !== undefined) {
    throw ec2Error('InvalidParameterValue', `The entry '${missing}' does not exist in the prefix list.`);
  }
  const changed = new Map(before.filter(({ cidr }) => !removed.has(cidr)).map((entry) => [entry.cidr, entry]));
  for (const entry of added) {
    changed.set(entry.cidr, entry);
  }
  return [...changed.values()];
}

function modifyList(input: ModifyManagedPrefixListRequest, place: Place) {
  const list = ownList(place.cell, input.PrefixListId);
  const changes = (input.AddEntries?.length ?? 0) + (input.RemoveEntries?.length ?? 0) > 0;
  if (changes && input.MaxEntries !== undefined) {
    const message = 'You cannot modify the entries and the size of a prefix list in the same request.';
    throw ec2Error('InvalidParameterCombination', message);
  }
  if (changes && input.CurrentVersion === undefined) {
    throw missingParameter('CurrentVersion');
  }
  if (input.CurrentVersion !== undefined && input.CurrentVersion !== list.versions.length) {
    const message = `The prefix list has the incorrect version number. Current version is ${list.versions.length}.`;
    throw ec2Error('PrefixListVersionMismatch', message);
  }
  const entries = changes ? newEntries(list, input) : (list.versions.at(-1) ?? []);
  checkCount(entries.length, input.MaxEntries ?? list.maxEntries ?? 1000);
  list.name = input.PrefixListName === undefined ? list.name : checkName(input.PrefixListName);
  list.maxEntries = input.MaxEntries ?? list.maxEntries;
  if (changes) {
    list.versions.push(entries);
  }
  list.state = 'modify-complete';
  return { PrefixList: { ...shapeOf(list, place), State: 'modify-in-progress' } };
}

function restore(input: RestoreManagedPrefixListVersionRequest, place: Place) {
  const list = ownList(place.cell, input.PrefixListId);
  if (input.CurrentVersion !== list.versions.length) {
    const message = `The prefix list has the incorrect version number. Current version is ${list.versions.length}.`;
    throw ec2Error('PrefixListVersionMismatch', message);
  }
  const earlier = list.versions[(input.PreviousVersion ?? 0) - 1];
  if (!earlier) {
    const message = `The prefix list version ${input.PreviousVersion} does not exist.`;
    throw ec2Error('InvalidPrefixListVersion.NotFound', message);
  }
  list.versions.push([...earlier]);
  list.state = 'restore-complete';
  return { PrefixList: { ...shapeOf(list, place), State: 'restore-in-progress' } };
}

function groupsThatName(cell: Cell, list: PrefixList) {
  return [...cell.groups.values()].filter((group) =>
    [...group.rules.values()].some((rule) => rule.terms.prefixListId === list.id),
  );
}

function deleteList(input: DeleteManagedPrefixListRequest, place: Place) {
  const list = ownList(place.cell, input.PrefixListId);
  // The call is accepted, and the deletion fails afterwards, when something names the list.
  if (groupsThatName(place.cell, list).length > 0) {
    list.state = 'delete-failed';
    list.stateMessage = `The prefix list '${list.id}' is currently in use and cannot be deleted.`;
  } else {
    place.cell.prefixLists.delete(list.id);
  }
  return { PrefixList: { ...shapeOf(list, place), State: 'delete-in-progress' } };
}

const fields: FilterFields<PrefixList> = {
  'owner-id': (list) => list.ownerId,
  'prefix-list-id': (list) => list.id,
  'prefix-list-name': (list) => list.name,
  state: (list) => list.state,
};

function listsFor(input: DescribeManagedPrefixListsRequest, cell: Cell): PrefixList[] {
  const ids = input.PrefixListIds ?? [];
  const all = ids.length > 0 ? ids.map((id) => findList(cell, id)) : cell.prefixLists.values();
  return filtered(all, input.Filters, fields, (list) => list.tags);
}

function getEntries(input: GetManagedPrefixListEntriesRequest, { cell }: Place) {
  const list = findList(cell, input.PrefixListId);
  const version = input.TargetVersion ?? list.versions.length;
  const entries = list.versions[version - 1];
  if (!entries) {
    const message = `The prefix list version ${version} does not exist.`;
    throw ec2Error('InvalidPrefixListVersion.NotFound', message);
  }
  const page = pageOf(entries, input, 1);
  const Entries = page.items.map(({ cidr, description }) => ({ Cidr: cidr, Description: description }));
  return { Entries, NextToken: page.NextToken };
}

export const prefixListOperations: Operations = {
  CreateManagedPrefixList: createList,
  ModifyManagedPrefixList: modifyList,
  RestoreManagedPrefixListVersion: restore,
  DeleteManagedPrefixList: deleteList,
  DescribeManagedPrefixLists: (input: DescribeManagedPrefixListsRequest, place) => {
    const page = pageOf(listsFor(input, place.cell), input, 1);
    return { PrefixLists: page.items.map((list) => shapeOf(list, place)), NextToken: page.NextToken };
  },
  // The older call: the lists of AWS's services, with their ranges.
  DescribePrefixLists: (input: DescribePrefixListsRequest, place) => {
    const page = pageOf(listsFor(input, place.cell).filter(isAws), input);
    const PrefixLists = page.items.map((list) => ({
      PrefixListId: list.id,
      PrefixListName: list.name,
      Cidrs: (list.versions.at(-1) ?? []).map(({ cidr }) => cidr),
    }));
    return { PrefixLists, NextToken: page.NextToken };
  },
  GetManagedPrefixListEntries: getEntries,
  GetManagedPrefixListAssociations: (input: GetManagedPrefixListAssociationsRequest, { cell }) => {
    const list = findList(cell, input.PrefixListId);
    const all = groupsThatName(cell, list).map((group) => ({
      ResourceId: group.id,
      ResourceOwner: cell.site.accountId,
    }));
    const page = pageOf(all, input, 5);
    return { PrefixListAssociations: page.items, NextToken: page.NextToken };
  },
};
