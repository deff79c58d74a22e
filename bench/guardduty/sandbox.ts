import { createSandbox, type RunningSandbox, type SandboxOptions } from '../../sandbox';
import { administratorId, emailOf, managementId, memberIds, optIn, type Task } from './task';

/** The local organization with the accounts of a task, each with all of its regions. */
export function openSandbox(task: Task, more: SandboxOptions = {}): Promise<RunningSandbox> {
  const ids = [managementId, administratorId, ...memberIds(task)];
  return createSandbox({
    accounts: ids.map((id) => ({ id, email: emailOf(id), optedInRegions: optIn })),
    managementAccount: managementId,
    securityAccount: administratorId,
    ...more,
  });
}
