import { GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import type { Cell } from '../organization/accounts';
import { forEach } from '../organization/cells';
import type { Session } from '../organization/sessions';

/** Those of the cells that have a detector already. One call a cell; a cell that cannot be read is left out. */
export async function cellsWithDetector(
  cells: readonly Cell[],
  sessionOf: (accountId: string) => Session,
  concurrency: number,
): Promise<Cell[]> {
  const outcomes = await forEach(cells, concurrency, async ({ accountId, region }) => {
    const client = sessionOf(accountId).client(GuardDutyClient, region);
    const { DetectorIds = [] } = await client.send(new ListDetectorsCommand({}));
    return DetectorIds.length > 0;
  });
  return outcomes.filter((outcome) => outcome.status === 'done' && outcome.result).map(({ target }) => target);
}
