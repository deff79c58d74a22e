import { ServiceError } from '../core/errors';

interface Entry {
  Id?: string;
}

/** @throws ServiceError `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `BatchEntryIdsNotDistinct`, `InvalidBatchEntryId` */
export function checkBatch<E extends Entry>(entries: readonly E[] | undefined, type: string): readonly E[] {
  if (!entries || entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', `There should be at least one ${type} in the request.`);
  }
  if (entries.length > 10) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id ?? '')) {
      throw new ServiceError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(Id ?? '')) {
      throw new ServiceError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    }
    seen.add(Id ?? '');
  }
  return entries;
}

/** Does each entry by itself: what is refused is told beside what succeeded. */
export async function inBatch<E extends Entry>(entries: readonly E[], work: (entry: E) => unknown) {
  const Successful: unknown[] = [];
  const Failed: unknown[] = [];
  for (const entry of entries) {
    try {
      const answer = (await work(entry)) as object | undefined;
      Successful.push({ Id: entry.Id, ...answer });
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      const Code = error.code.replace(/^InvalidParameterValueException$/, 'InvalidParameterValue');
      Failed.push({ Id: entry.Id, SenderFault: true, Code, Message: error.message });
    }
  }
  return { Successful, Failed: Failed.length > 0 ? Failed : undefined };
}
