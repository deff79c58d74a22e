import type { AttestationTools } from '../questions/tools';
import type { Entry } from '../record/chain';
import { permissionSetOf } from './role';
import type { Use } from './use';

/** Uses of an account that are looked at, and how far apart the two events of one sign-in may be. */
const mostUses = 50;
const nearMilliseconds = 15 * 60_000;

/**
 * An event of IAM Identity Center tells an id, where the session that it began tells a name. If that session's use of
 * the same permission set is on record, it was this person.
 */
export async function joinNameless(use: Use, { table }: Pick<AttestationTools, 'table'>): Promise<Use> {
  if (!use.nameless || use.role === undefined) {
    return use;
  }
  const entries = await table.under(`place:${use.account}`, mostUses);
  const other = entries.find((entry) => isSameSession(entry, use))?.content;
  return other?.kind === 'use' ? { ...use, person: other.person, nameless: false } : use;
}

function isSameSession({ content }: Entry, { event, role, time }: Use): boolean {
  return (
    content.kind === 'use' &&
    content.event !== event &&
    Math.abs(Date.parse(content.time) - time.getTime()) <= nearMilliseconds &&
    permissionSetOf(content.role) === role
  );
}
