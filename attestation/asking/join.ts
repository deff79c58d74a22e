import { questionById } from '../questions/question';
import type { AttestationTools } from '../questions/tools';
import { usesOf } from '../questions/uses';
import { joinedFollowUp } from './questionMessage';

/** So many uses are shown one by one; of more, every tenth changes the message: Slack limits changes, too. */
const shownOneByOne = 5;

/** Lists uses that have joined a question in its message. Said again after a function was killed: once for each count. */
export async function showJoined(question: string, tools: AttestationTools): Promise<void> {
  const uses = await usesOf(question, tools);
  if (uses.length > shownOneByOne && uses.length % 10 !== 0) {
    return;
  }
  const current = await questionById(tools.table, question);
  if (current !== undefined) {
    await tools.say(joinedFollowUp(current, uses, tools.settings));
  }
}
