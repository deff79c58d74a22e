import type { AccountKind, Pair } from './context';

/** Which pair's administration role stands in an account. */
export const pairsAdministeredIn: Readonly<Record<AccountKind, readonly Pair[]>> = {
  management: ['management'],
  security: ['security'],
  member: [],
};

/**
 * Which pairs' execution roles stand in an account. The management account is out of its own reach, and within the
 * security account's; the security account rolls out to itself too.
 */
export const pairsExecutedIn: Readonly<Record<AccountKind, readonly Pair[]>> = {
  management: ['security'],
  security: ['management', 'security'],
  member: ['management', 'security'],
};
