import { setFlagsFromString } from 'node:v8';
import { apply, coverage, observe, plan } from '../../guardduty';
import { AccountSessions, accountSession } from '../../organization/sessions';
import { desiredOf } from './desired';
import { type Answer, administratorId, managementId, megabytes, serve } from './task';

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
