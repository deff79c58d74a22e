import type { Value, ValueMap } from '../../template/model';
import { isGone } from '../failure';
import type { ResourceContext, Tag } from '../provider';
import { maps } from '../values';

/** Calls EC2 as the stack's caller. @throws ServiceError in EC2's words */
export function ec2(context: ResourceContext, operation: string, input: ValueMap | object): Promise<ValueMap> {
  return context.call<ValueMap>('ec2', operation, input);
}

/** The tags of what is about to be made, as EC2 takes them; none where there are none. */
export function tagSpecifications(
  context: ResourceContext,
  own: Value | undefined,
  ...types: readonly string[]
): { ResourceType: string; Tags: Tag[] }[] | undefined {
  const Tags = context.tags(own);
  return Tags.length === 0 ? undefined : types.map((ResourceType) => ({ ResourceType, Tags }));
}

/** Brings a resource's tags to what the template and the stack say now. */
export async function changeTags(
  context: ResourceContext,
  id: string,
  after: Value | undefined,
  before: Value | undefined,
): Promise<void> {
  const { set, remove } = context.tagChanges(before, after);
  if (set.length > 0) {
    await ec2(context, 'CreateTags', { Resources: [id], Tags: set });
  }
  if (remove.length > 0) {
    await ec2(context, 'DeleteTags', { Resources: [id], Tags: remove.map((Key) => ({ Key })) });
  }
}

/** The first resource of an answer's list. */
export function first(answer: ValueMap, member: string): ValueMap {
  return maps(answer[member])[0] ?? {};
}

/** Reads what stands; `undefined` when it is gone. */
export async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isGone(error)) {
      return undefined;
    }
    throw error;
  }
}

/** The members of a map that have a value. */
export function known(values: Readonly<Record<string, Value | undefined>>): ValueMap {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]])),
  );
}
