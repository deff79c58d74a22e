/** A tag in the list form that most services use. */
export interface Tag {
  Key?: string;
  Value?: string;
}

/** Tags of one resource, in the order in which they were first set. */
export type Tags = Map<string, string>;

export function tagsFrom(list: readonly Tag[] | undefined): Tags {
  return setTags(new Map(), list);
}

export function setTags(tags: Tags, list: readonly Tag[] | undefined): Tags {
  for (const tag of list ?? []) {
    tags.set(tag.Key ?? '', tag.Value ?? '');
  }
  return tags;
}

export function removeTags(tags: Tags, keys: readonly string[] | undefined): void {
  for (const key of keys ?? []) {
    tags.delete(key);
  }
}

export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** Condition keys that a request with tags brings: `aws:RequestTag/…` and `aws:TagKeys`. */
export function requestTagConditions(tags: Tags): Record<string, string | readonly string[]> {
  const conditions: Record<string, string | readonly string[]> = {};
  for (const [key, value] of tags) {
    conditions[`aws:RequestTag/${key}`] = value;
  }
  return tags.size > 0 ? { ...conditions, 'aws:TagKeys': [...tags.keys()] } : conditions;
}

/** Condition keys that a resource's tags bring. */
export function resourceTagConditions(tags: Tags): Record<string, string> {
  return Object.fromEntries([...tags].map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
