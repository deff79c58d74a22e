import type { ForwardingRule } from './types';

/**
 * Regions in which forwarding rules belong: those that are guarded, and the partition's global region, in which root
 * sign-ins and changes of IAM are reported, guarded or not.
 */
export function regionsOf(rules: readonly ForwardingRule[], guarded: readonly string[], global: string): string[] {
  if (rules.length === 0) {
    return [];
  }
  const everywhere = rules.some(({ globalOnly }) => !globalOnly);
  return [...new Set(everywhere ? [...guarded, global] : [global])].sort();
}
