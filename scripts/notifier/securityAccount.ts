import type { NotifierSettings } from '../../notifier/settings';
import { callerSession } from '../../organization/sessions';
import { requireAccount } from '../rollout/context';

/**
 * The notifier reads secrets and queues of its own account only: with other credentials a secret would be stored where
 * nothing looks for it.
 *
 * @throws GarrisonError `credentials.account`, or when there are no valid credentials
 */
export async function requireSecurityAccount(settings: NotifierSettings): Promise<void> {
  // Without a configuration nobody knows which account that is.
  if (settings.securityAccountId !== '') {
    requireAccount(await callerSession(settings.homeRegion), settings.securityAccountId, 'security');
  }
}
