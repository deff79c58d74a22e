import { matchesWildcard } from '../../notifier/wildcard';

/** A pattern in which `*` stands for any run of characters, for whole texts, in any case. Linear in the text. */
export function wildcard(pattern: string): { test(text: string): boolean } {
  const lowered = pattern.toLowerCase();
  return { test: (text) => matchesWildcard(lowered, text.toLowerCase()) };
}
