import { securityGroupOpenToWorld } from '../../detections/catalog/security-group-open-to-world';
import { configure } from '../../detections/settings';
import { overridesFor } from '../../detections/settingsFile';
import type { Account } from '../../organization/accounts';
import type { Config } from '../../organization/config';
import { enabledResponders } from '../../organization/config/responders';
import type { RespondingSettings } from '../../responders/settings';
import { responderRoleName } from '../../roles/names';
import { resourceNames } from '../model';

/** The responders' `settings.json`, from `garrison.yaml` and `accounts.csv`. Pure; holds no secrets. */
export function respondingSettings(config: Config, accounts: readonly Account[]): RespondingSettings {
  const { responders } = config;
  return {
    version: 1,
    partition: config.partition,
    homeRegion: config.homeRegion,
    securityAccountId: config.securityAccount,
    role: `${config.roles.path}${responderRoleName}`,
    accounts: accounts.map(({ id, name, ou }) => ({ id, ...(name && { name }), ...(ou && { ou }) })),
    regions: config.regions,
    enabled: enabledResponders(responders),
    enforce: responders.enforce,
    exemptions: responders.exemptions,
    exemptionTag: responders.exemptionTag,
    allowedPorts: allowedPorts(config, accounts),
    images: responders.images,
    buckets: responders.buckets,
    findingPublishingFrequency: config.guardduty.findingPublishingFrequency,
    breaker: responders.breaker,
    approvers: responders.approvers,
    approvalMinutes: responders.approvalMinutes,
    recordDays: responders.recordDays,
    queues: { responses: resourceNames.responseQueue, alerts: resourceNames.alertQueue },
    tableName: resourceNames.responseTable,
    language: config.notifier.language,
  };
}

/** The responders' own ports for everybody; else those of the detection, account by account where they differ. */
function allowedPorts(config: Config, accounts: readonly Account[]): RespondingSettings['allowedPorts'] {
  if (config.responders.allowedPorts !== undefined) {
    return { everybody: config.responders.allowedPorts, accounts: {} };
  }
  const portsOf = (account?: Pick<Account, 'id' | 'ou'>) =>
    configure(securityGroupOpenToWorld, overridesFor(config.detections, account?.id, account?.ou)).settings
      .allowedPorts as readonly number[];
  const everybody = portsOf();
  const different = accounts.flatMap((account) => {
    const own = portsOf(account);
    return own.join() === everybody.join() ? [] : [[account.id, own] as const];
  });
  return { everybody, accounts: Object.fromEntries(different) };
}
