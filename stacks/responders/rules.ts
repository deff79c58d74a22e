import { markInLanguage } from '../../detections/mark';
import type { AlertRule, DetectionRules, ForwardingRule } from '../../detections/rollout';
import { enabledResponders, type ResponderId, type RespondersConfig } from '../../organization/config/responders';
import { responderOf } from '../../responders/catalog';

/** Name of the rule for findings, on the bus and in every region. */
export const findingsForResponders = 'garrison-respond-findings';

/** A rule of the bus whose events go to the responders. */
export interface ResponseRule {
  readonly name: string;
  readonly description: string;
  readonly state: AlertRule['state'];
  readonly eventPattern: AlertRule['eventPattern'];
  /** Absent where the event goes as it is. */
  readonly inputTransformer?: AlertRule['inputTransformer'];
}

/** All that brings events to the responders. */
export interface ResponseRules {
  readonly rules: readonly ResponseRule[];
  /** What the detections' own rules do not bring to the bus. */
  readonly forwarding: readonly ForwardingRule[];
}

/**
 * Rules of the responders that are on: those of the detections that they answer to, with another target; GuardDuty's
 * findings; and events of their own, which need a rule in every account. Pure.
 */
export function responseRules(
  config: RespondersConfig,
  { alerts }: Pick<DetectionRules, 'alerts'>,
  language?: 'en' | 'ja',
): ResponseRules {
  const ids = enabledResponders(config);
  const own = ids.flatMap((id) => ownRules(id, alerts, language));
  return {
    rules: [...ids.flatMap((id) => detectionRulesOf(id, alerts)), ...own, ...findingRules(ids)],
    forwarding: own.map(({ name, eventPattern, state }) => ({
      name,
      description: "To Garrison's bus: what responders look at beside the detections' events",
      state,
      globalOnly: false,
      eventPattern,
    })),
  };
}

/** Detections of the responder that have no rule: what it answers to never comes. */
export function missingDetections(id: ResponderId, { alerts }: Pick<DetectionRules, 'alerts'>): string[] {
  const responder = responderOf(id);
  return responder === undefined || responder.events?.inPlace
    ? []
    : responder.detections.filter((detection) => !alerts.some(({ name }) => isOf(name, detection)));
}

function detectionRulesOf(id: ResponderId, alerts: readonly AlertRule[]): ResponseRule[] {
  const { detections = [], events } = responderOf(id) ?? {};
  return events?.inPlace
    ? []
    : alerts
        .filter(({ name }) => detections.some((detection) => isOf(name, detection)))
        .map((rule) => ({ ...rule, name: rule.name.replace(/^garrison-/, 'garrison-respond-') }));
}

/** `garrison-<detection>`, and with a number where one rule was too small. */
function isOf(name: string, detection: string): boolean {
  const rest = name.slice(`garrison-${detection}`.length);
  return name.startsWith(`garrison-${detection}`) && /^(-\d+)?$/.test(rest);
}

/** Where the detection did not fire, or has no rule, there is no alert to answer. */
function ownRules(id: ResponderId, alerts: readonly AlertRule[], language?: 'en' | 'ja'): ResponseRule[] {
  const responder = responderOf(id);
  const mark = responder?.events?.mark;
  const isAnnounced = responder?.events?.inPlace && alerts.some(({ name }) => isOf(name, mark?.id ?? ''));
  return responder?.events === undefined
    ? []
    : [
        {
          name: `garrison-respond-${id}`,
          description: responder.title,
          state: 'ENABLED',
          eventPattern: responder.events.pattern as AlertRule['eventPattern'],
          inputTransformer: {
            inputPathsMap: {},
            inputTemplate: `{"detection":${JSON.stringify(mark && markInLanguage(mark, language))},${isAnnounced ? '' : '"alone":true,'}"event":<aws.events.event.json>}`,
          },
        },
      ];
}

function findingRules(ids: readonly ResponderId[]): ResponseRule[] {
  const types = ids.flatMap((id) => responderOf(id)?.findingTypes ?? []);
  const matchers = types.map((type) => (type.endsWith('*') ? { prefix: type.slice(0, -1) } : type));
  return types.length === 0
    ? []
    : [
        {
          name: findingsForResponders,
          description: 'Findings that responders answer to',
          state: 'ENABLED',
          eventPattern: {
            source: ['aws.guardduty'],
            'detail-type': ['GuardDuty Finding'],
            detail: { type: matchers },
          } as AlertRule['eventPattern'],
        },
      ];
}
