import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { apply, coverage, type DesiredGuard, desiredSettings, observe, plan } from '../../guardduty';
import type { DesiredSettings } from '../../guardduty/settings';
import { parseConfig } from '../../organization/config';
import { AccountSessions, accountSession } from '../../organization/sessions';
import {
  type Answer,
  administratorId,
  emailOf,
  managementId,
  megabytes,
  memberIds,
  regionsOf,
  serve,
  settingsYaml,
  type Task,
} from './task';

// As bin/garrison.js has it.
setFlagsFromString('--heap-growing-percent=15');

serve(async (task): Promise<Answer> => {
  const keyOf = (accountId: string) => async () => ({ accessKeyId: accountId, secretAccessKey: 'any' });
  const administrator = accountSession(administratorId, 'us-east-1', keyOf(administratorId));
  const management = accountSession(managementId, 'us-east-1', keyOf(managementId));
  const members = new AccountSessions(management, (id) => `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`);
  const sessions = { administrator, member: (accountId: string) => members.of(accountId) };
  const desired = desiredOf(task);
  const host = { emit: () => undefined };
  const { concurrency } = task;
  const options = { concurrency, outOfReach: new Map<string, string>(), host };

  const started = performance.now();
  const observed = await observe(desired, sessions, options);
  const looked = performance.now();
  const planned = plan(desired, observed, options.outOfReach);
  const compared = performance.now();
  const outcome = await apply(planned, sessions, options);
  const ended = performance.now();
  if (task.kind === 'idle' && planned.changes.length > 0) {
    throw new Error(`${planned.changes.length} changes where there should be none`);
  }
  const [failure] = outcome.failed;
  if (failure) {
    throw failure.error;
  }
  const covered = coverage(desired, planned).filter(({ state }) => state === 'guarded').length;
  const seconds = (from: number, to: number) => (to - from) / 1000;
  return {
    seconds: seconds(started, ended),
    megabytes: megabytes(),
    guarded: covered + outcome.done.filter(({ accountId }) => accountId !== administratorId).length,
    phases: { observe: seconds(started, looked), plan: seconds(looked, compared), apply: seconds(compared, ended) },
  };
});

function desiredOf(task: Task): DesiredGuard {
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
