import { attestationDestination } from './attestationSettings';
import { asksForApproval } from './botSettings';
import type { Config } from './root';

/** Name of the destination through whose bot the Slack app listens; `undefined` where there is no app. */
export function slackAppDestination({
  attestation,
  responders,
}: Pick<Config, 'attestation' | 'responders'>): string | undefined {
  return attestation.enabled || asksForApproval(responders) ? attestationDestination(attestation) : undefined;
}
