import { type MessageContext, messageContext } from '../../notifier/message/context';
import { english } from '../../notifier/message/english';
import { japanese } from '../../notifier/message/japanese';
import type { NotifierSettings } from '../../notifier/settings';
import { notifierSchema } from '../../organization/config/notifier';
import { notifierSettings } from '../../organization/config/notifierSettings';

/** Settings as `garrison.yaml` would give them, with the accounts of the tests. */
export function settingsOf(notifier: unknown = {}, overrides: Partial<NotifierSettings> = {}): NotifierSettings {
  const settings = notifierSettings(notifierSchema.parse(notifier), {
    partition: 'aws',
    homeRegion: 'us-east-1',
    securityAccountId: '100000000002',
    accounts: [
      { id: '123456789012', name: 'shop-production', ou: 'Workloads/Production' },
      { id: '111122223333', name: 'sandbox-alice', ou: 'Sandboxes' },
    ],
  });
  return { ...settings, ...overrides };
}

export function contextOf(notifier: unknown = {}, overrides: Partial<NotifierSettings> = {}): MessageContext {
  const settings = settingsOf(notifier, overrides);
  return messageContext(settings, settings.language === 'ja' ? japanese : english);
}
