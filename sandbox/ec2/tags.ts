import type { CreateTagsRequest, DeleteTagsRequest, DescribeTagsRequest } from '@aws-sdk/client-ec2';
import { removeTags, setTags } from '../common/tags';
import { ec2Error, missingParameter } from './errors';
import { type FilterFields, filtered, pageOf } from './filters';
import { checkTags } from './specifications';
import type { Cell, Operations, Resource } from './state';
import { kindOf, kinds } from './taggable';

/** A kind, then a number in hexadecimal digits or (fleets) a UUID. */
function isResourceId(id: string): boolean {
  return /^[a-z]+-[0-9a-f-]{8,36}$/.test(id);
}

/** @throws ServiceError `InvalidID`, or the `….NotFound` of the kind */
function resourceOf(cell: Cell, id: string): Resource {
  const kind = kindOf(id);
  if (!kind || !isResourceId(id)) {
    throw ec2Error('InvalidID', `The ID '${id}' is not valid`);
  }
  const resource = kind.find(cell, id);
  if (!resource) {
    throw ec2Error(...kind.notFound(id));
  }
  return resource;
}

function resourcesOf(cell: Cell, ids: readonly string[] | undefined): Resource[] {
  if (!ids?.length) {
    throw missingParameter('resourceIdSet');
  }
  return ids.map((id) => resourceOf(cell, id));
}

interface Row {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
}

function rows(cell: Cell): Row[] {
  return kinds.flatMap(({ type, all }) =>
    [...all(cell)].flatMap(({ id, tags }) => [...tags].map(([key, value]) => ({ id, type, key, value }))),
  );
}

const fields: FilterFields<Row> = {
  key: (row) => row.key,
  value: (row) => row.value,
  'resource-id': (row) => row.id,
  'resource-type': (row) => row.type,
};

export const tagOperations: Operations = {
  CreateTags: (input: CreateTagsRequest, { cell }) => {
    const resources = resourcesOf(cell, input.Resources);
    const { Tags = [] } = input;
    if (Tags.length === 0) {
      throw missingParameter('tagSet');
    }
    for (const { tags } of resources) {
      const fresh = Tags.filter(({ Key = '' }) => !tags.has(Key));
      checkTags(Tags, tags.size + fresh.length);
    }
    for (const { tags } of resources) {
      setTags(tags, Tags);
    }
  },
  DeleteTags: (input: DeleteTagsRequest, { cell }) => {
    for (const { tags } of resourcesOf(cell, input.Resources)) {
      // Without a list all tags go; with a value only the tag that has it.
      const wanted = input.Tags ?? [...tags.keys()].map((Key) => ({ Key }));
      const gone = wanted.filter(({ Key = '', Value }: { Key?: string; Value?: string }) => {
        return Value === undefined || tags.get(Key) === Value;
      });
      removeTags(
        tags,
        gone.map(({ Key = '' }) => Key).filter((key) => !key.startsWith('aws:')),
      );
    }
  },
  DescribeTags: (input: DescribeTagsRequest, { cell }) => {
    const tagFilters = input.Filters?.filter(({ Name }) => Name?.startsWith('tag:')) ?? [];
    const plain = input.Filters?.filter(({ Name }) => !Name?.startsWith('tag:'));
    const named = filtered(rows(cell), plain, fields).filter((row) =>
      tagFilters.every(
        ({ Name = '', Values }) => row.key === Name.slice(4) && filtered([row], [{ Name: 'value', Values }], fields)[0],
      ),
    );
    const page = pageOf(named, input);
    const Tags = page.items.map(({ id, type, key, value }) => ({
      ResourceId: id,
      ResourceType: type,
      Key: key,
      Value: value,
    }));
    return { Tags, NextToken: page.NextToken };
  },
};
