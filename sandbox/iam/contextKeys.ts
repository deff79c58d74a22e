import { parsePolicy } from '../core/policyDocuments';

/** Condition keys that documents ask for. */
export function keysOfConditions(documents: readonly string[]): string[] {
  const keys = new Set<string>();
  for (const json of documents) {
    const statements = [parsePolicy(json).Statement].flat() as { Condition?: Record<string, object> }[];
    for (const { Condition = {} } of statements) {
      for (const key of Object.values(Condition).flatMap(Object.keys)) {
        keys.add(key);
      }
    }
  }
  return [...keys];
}

/** Condition keys and policy variables that documents ask for. */
export function contextKeys(documents: readonly string[]): string[] {
  const variables = documents.flatMap((json) =>
    [...json.matchAll(/\$\{([\w-]+:[\w/-]+)(?:,[^}]*)?\}/g)].map((match) => match[1] ?? ''),
  );
  return [...new Set([...variables, ...keysOfConditions(documents)])];
}
