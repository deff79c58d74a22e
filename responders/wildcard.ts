import { matchesWildcard } from '../notifier/wildcard';

/** Whether a text is as a pattern says, in which `*` stands for any characters. */
export function isLike(text: string, pattern: string): boolean {
  return matchesWildcard(pattern, text);
}

/** Whether all of the wanted tags are there. None wanted is never there. */
export function hasTags(tags: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(wanted);
  return (
    entries.length > 0 &&
    entries.every(([key, value]) => Object.hasOwn(tags, key) && isLike(tags[key] as string, value))
  );
}

/** Tags as AWS lists them, by their key. */
export function tagsOf(
  tags: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
