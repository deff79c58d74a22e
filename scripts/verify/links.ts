import { bootstrapMethodOf } from '../../organization/config/bootstrap';
import type { Files } from '../rollout/files';
import type { Picture } from '../rollout/picture';

/** Accounts that are bootstrapped by a link, and whether a stack set has worked there: that takes the execution role. */
export function linkStates({ stackSets }: Picture, { accounts, config }: Files) {
  const memberRoles = stackSets.find(({ stackSet }) => stackSet === 'garrison-member-roles');
  const standing = (memberRoles?.cells ?? []).filter(({ action }) => memberRoles?.exists && action === 'none');
  const done = new Set(standing.map(({ accountId }) => accountId));
  return accounts
    .filter((account) => bootstrapMethodOf(account, config) === 'links')
    .map(({ id }) => ({ accountId: id, state: done.has(id) ? 'done' : 'open' }) as const);
}

/** The same in words; nothing where no account is bootstrapped by a link. */
export function linkLines(picture: Picture, files: Files): string[] {
  const states = linkStates(picture, files);
  const open = states.filter(({ state }) => state === 'open').map(({ accountId }) => accountId);
  const done = states.length - open.length;
  return states.length === 0
    ? []
    : [
        `Links: ${done} of ${states.length} done${open.length > 0 ? `; not yet, or not seen since: ${open.join(' ')}` : ''}.`,
      ];
}
