import { GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import type { Cell } from '../organization/accounts';
import { forEach } from '../organization/cells';
import type { Session } from '../organization/sessions';
import { garrisonTag } from './settings';

/** A cell that may have a detector. */
export interface Candidate extends Cell {
  /** A detector that carries Garrison's tag does not count: a stack may hold it. */
  readonly othersOnly?: boolean;
}

/**
 * Those of the cells that have a detector already. One call a cell, two where the detector's tag counts; a cell that
 * cannot be read is left out.
 */
export async function cellsWithDetector(
  cells: readonly Candidate[],
  sessionOf: (accountId: string) => Session,
  concurrency: number,
): Promise<Cell[]> {
  const outcomes = await forEach(cells, concurrency, async ({ accountId, region, othersOnly }) => {
    const client = sessionOf(accountId).client(GuardDutyClient, region);
    const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
    if (DetectorId === undefined || !othersOnly) {
      return DetectorId !== undefined;
    }
    const { Tags = {} } = await client.send(new GetDetectorCommand({ DetectorId }));
    return Tags[garrisonTag] === undefined;
  });
  return outcomes.filter((outcome) => outcome.status === 'done' && outcome.result).map(({ target }) => target);
}
