import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import type { OrganizationModel } from '../../stacks/model';
import { modelOf } from '../../stacks/readModel';

/** A `garrison.yaml` with the attestation on; `attestation` is YAML that goes into its section. */
export function configWith(attestation = '', more = ''): string {
  return `
managementAccount: "100000000001"
securityAccount: "100000000002"
homeRegion: us-east-1
regions: [us-east-1]
notifier: { slack: { botToken: { parameter: /garrison/slack/token }, channel: C0ALERTS01 } }
detections: { enabled: [privileged-role-used, root-sign-in, root-activity, console-sign-in] }
attestation:
  enabled: true
${attestation}
${more}`;
}

export function modelWith(attestation = '', more = ''): OrganizationModel {
  const rows = ['100000000001', '100000000002', '100000000003'].map(
    (id) => `${id},aws+${id}@example.com,account-${id.slice(-1)}`,
  );
  return modelOf(
    parseConfig(configWith(attestation, more)),
    parseAccounts(`accountId,email,name\n${rows.join('\n')}\n`),
  );
}
