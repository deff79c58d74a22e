import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { type MessageContext, messageContext } from '../../notifier/message/context';
import { english } from '../../notifier/message/english';
import { japanese } from '../../notifier/message/japanese';
import type { NotifierSettings } from '../../notifier/settings';
import type { Account } from '../../organization/accounts';
import { loadAccounts } from '../../organization/accountsFile';
import { type Config, loadConfig } from '../../organization/config';
import { notifierSchema } from '../../organization/config/notifier';
import { notifierSettings } from '../../organization/config/notifierSettings';
import { slackAppDestination } from '../../organization/config/slackApp';
import { partitionOf } from '../../organization/partitions';
import type { CommonOptions } from '../options';

/** Rendering for a person at a terminal: with the configuration where there is one, with defaults where there is none. */
export function previewContext(command: Command, language?: 'en' | 'ja'): MessageContext {
  const settings = settingsFor(command);
  const chosen = language ?? settings.language;
  return messageContext({ ...settings, language: chosen }, chosen === 'ja' ? japanese : english);
}

/** The notifier's settings from `--config` and `--accounts`. Files that nobody named may be missing. */
export function settingsFor(command: Command): NotifierSettings {
  const { config: file, accounts: list } = command.optsWithGlobals<CommonOptions>();
  const needed = (name: string, path: string) => existsSync(path) || command.getOptionValueSource(name) === 'cli';
  const accounts = needed('accounts', list) ? loadAccounts(list) : [];
  if (!needed('config', file)) {
    const homeRegion = 'us-east-1';
    return notifierSettings(notifierSchema.parse({}), {
      partition: partitionOf(homeRegion),
      homeRegion,
      securityAccountId: '',
      accounts,
    });
  }
  return settingsOf(loadConfig(file), accounts);
}

/** The notifier's settings from the files, read and checked. */
export function settingsOf(config: Config, accounts: readonly Account[]): NotifierSettings {
  return notifierSettings(config.notifier, {
    partition: config.partition,
    homeRegion: config.homeRegion,
    securityAccountId: config.securityAccount,
    accounts,
    app: slackAppDestination(config),
  });
}
