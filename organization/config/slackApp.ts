import { attestationDestination } from './attestationSettings';
import type { Config } from './root';

/** Name of the destination through whose bot the Slack app listens; `undefined` where there is no app. */
export function slackAppDestination({ attestation }: Pick<Config, 'attestation'>): string | undefined {
  return attestation.enabled ? attestationDestination(attestation) : undefined;
}
