import type { PolicyType } from '@aws-sdk/client-organizations';
import type { CallContext } from '../core/service';
import { isStranger } from '../core/strangers';
import { checkContent } from './content';

/*
 * What callers get away with whose keys this world does not know (`anyKeyAccount`): other projects' suites expect that
 * accounts come and go at once, give all of them one e-mail address, and write down any text as a policy of
 * permissions. Nothing here holds for anybody else.
 */

/** What goes on after the answer, for strangers before it. */
export async function afterwards(context: CallContext, work: () => Promise<void>): Promise<void> {
  if (isStranger(context)) {
    await work();
  } else {
    context.world.later(0, work);
  }
}

/** Whether accounts may share an e-mail address. */
export const mayShareAddress = isStranger;

/** Checks a policy; strangers' need not be one. @throws ServiceError */
export function checkPolicy(context: CallContext, type: PolicyType, content: string | undefined): void {
  // Policies of other types are merged with those above them: they have to be JSON.
  if (!/_CONTROL_POLICY$/.test(type) || !isStranger(context)) {
    checkContent(type, content);
  }
}
