import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DesiredGuard, desiredSettings } from '../../guardduty';
import type { DesiredSettings } from '../../guardduty/settings';
import { parseConfig } from '../../organization/config';
import { administratorId, emailOf, managementId, memberIds, regionsOf, settingsYaml, type Task } from './task';

/** Members by invitation; once they are enrolled, with settings besides. */
export function desiredOf(task: Task): DesiredGuard {
  return {
    administratorId,
    regions: regionsOf(task),
    members: memberIds(task).map((accountId) => ({ accountId, email: emailOf(accountId) })),
    findingPublishingFrequency: 'FIFTEEN_MINUTES',
    invitationEmails: false,
    ...(task.kind === 'enrol'
      ? {}
      : { planRules: [{ plans: { EKS_RUNTIME_MONITORING: 'DISABLED' } }], settings: settings() }),
  };
}

/** As many as `settingsPerRegion` says. */
function settings(): DesiredSettings {
  const folder = mkdtempSync(join(tmpdir(), 'garrison-bench-'));
  writeFileSync(join(folder, 'list.txt'), '192.0.2.0/24\n');
  const yaml = `
managementAccount: "${managementId}"
securityAccount: "${administratorId}"
homeRegion: us-east-1
guardduty:${settingsYaml}`;
  return desiredSettings(parseConfig(yaml), join(folder, 'garrison.yaml'));
}
