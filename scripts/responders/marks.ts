import { catalog } from '../../detections/catalog';
import { compileMatcher } from '../../detections/matcher';
import { configure } from '../../detections/settings';
import { overridesFor } from '../../detections/settingsFile';
import { at, isRecord, text } from '../../notifier/events/read';
import type { DetectionMark, EventBridgeEvent } from '../../notifier/queue';
import type { Account } from '../../organization/accounts';
import type { Config } from '../../organization/config';
import { matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import { responders } from '../../responders/catalog';

/** A message as the rules of the bus would put it on the responders' queue. */
export type Message = EventBridgeEvent | { readonly detection: DetectionMark; readonly event: EventBridgeEvent };

/**
 * The messages that an event would become: one for each detection that fires on it and that a responder answers to,
 * or the event itself where it is a finding. None for what no responder answers to.
 */
export function messagesOf(event: unknown, config: Config, accounts: readonly Account[]): Message[] {
  if (isRecord(at(event, 'detection'))) {
    return [event as Message];
  }
  const record = at(event, 'detail');
  if (text(record, 'eventName') === undefined) {
    return [event as Message];
  }
  const own = responders.flatMap(({ events }) =>
    events && matchesEventPattern(parseEventPattern(JSON.stringify(events.pattern)), event as object)
      ? [events.mark]
      : [],
  );
  const marks = [...own, ...firing(record, config, accounts)];
  return marks.map((detection) => ({ detection, event: event as EventBridgeEvent }));
}

function firing(record: unknown, config: Config, accounts: readonly Account[]): DetectionMark[] {
  const accountId = text(record, 'recipientAccountId');
  const unit = accounts.find(({ id }) => id === accountId)?.ou;
  const overrides = overridesFor(config.detections, accountId, unit);
  const ids = new Set(responders.filter(({ events }) => !events?.inPlace).flatMap(({ detections }) => detections));
  return catalog
    .filter(({ id }) => ids.has(id))
    .filter((detection) => compileMatcher(configure(detection, overrides).condition)(record))
    .map(({ id, title, severity }) => ({ id, title, severity, runbook: `docs/detections.md#${id}` }));
}
