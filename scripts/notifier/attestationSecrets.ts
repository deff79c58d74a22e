import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { SecretReference } from '../../notifier/settings';
import { loadConfig } from '../../organization/config';
import { secretOf } from '../../organization/config/notifierSettings';
import type { CommonOptions } from '../options';

/**
 * Secrets that belong to no destination, by the names that `garrison secret` knows them under: the Slack app's signing
 * secret, and address and key of the service that is asked of tickets. `undefined` for every other name.
 */
export function attestationSecrets(name: string, command: Command): readonly SecretReference[] | undefined {
  const { config: file } = command.optsWithGlobals<CommonOptions>();
  if (!['signing-secret', 'ticket-webhook'].includes(name) || !existsSync(file)) {
    return undefined;
  }
  const { attestation } = loadConfig(file);
  if (name === 'signing-secret') {
    return [secretOf(attestation.signingSecret)];
  }
  const { webhook } = attestation.ticket;
  return webhook && [secretOf(webhook.url), secretOf(webhook.signingKey)];
}
