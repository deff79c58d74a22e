import type { Place } from './responder';
import type { Response } from './response';
import type { RespondingSettings } from './settings';

/** Where a response acts. */
export function placeOf(
  { accountId, region }: Pick<Response, 'accountId' | 'region'>,
  { settings }: { readonly settings: Pick<RespondingSettings, 'partition'> },
): Place {
  return { partition: settings.partition, accountId, region };
}

/** Under this id the table says that a person took back what was done about a finding. */
export function undoneKey(response: Response): string | undefined {
  const { findingId } = response.trigger;
  return findingId && `undone#${response.responder}#${findingId}#${response.target.resource}`;
}
