import { exposedAccessKey } from './exposed-access-key';
import { guardSwitchedOff } from './guard-switched-off';
import { openedSecurityGroup } from './opened-security-group';
import { removedObjects } from './removed-objects';
import type { Responder } from './responder';
import type { RespondingSettings } from './settings';
import type { Trigger } from './trigger';
import { unapprovedImage } from './unapproved-image';
import { isLike } from './wildcard';

/** Every responder. */
export const responders: readonly Responder[] = [
  openedSecurityGroup,
  unapprovedImage,
  guardSwitchedOff,
  exposedAccessKey,
  removedObjects,
];

/** A responder by its id. */
export function responderOf(id: string): Responder | undefined {
  return responders.find((responder) => responder.id === id);
}

/** The responders that answer to an event. */
export function respondersFor(trigger: Trigger, { enabled }: Pick<RespondingSettings, 'enabled'>): Responder[] {
  return responders.filter(
    (responder) => (enabled as readonly string[]).includes(responder.id) && answersTo(responder, trigger),
  );
}

function answersTo({ detections, findingTypes }: Responder, { source, name, detection }: Trigger): boolean {
  return source === 'guardduty'
    ? findingTypes.some((pattern) => isLike(name, pattern))
    : detection !== undefined && detections.includes(detection.id);
}
