import { type DetectionRules, detectionRules } from '../../detections/rollout';
import type { Account } from '../../organization/accounts';
import { type Config, configProblem } from '../../organization/config';
import { enabledResponders, type ResponderId } from '../../organization/config/responders';
import { rolloutRoleNames } from '../../organization/config/roles';
import type { GarrisonError } from '../../organization/errors';
import { missingDetections } from '../../stacks/responders/rules';

/** What the section `responders` asks for and could never happen, with lines. */
export function responderProblems(config: Config, accounts: readonly Account[]): GarrisonError[] {
  const ids = enabledResponders(config.responders);
  if (ids.length === 0) {
    return [];
  }
  const rules = detectionRules(config.detections, { accounts, operators: rolloutRoleNames(config.roles) });
  return [...approvalProblems(config), ...ids.flatMap((id) => problemsOf(id, config, rules))];
}

/** A question needs buttons that answer, and those need the app. */
function approvalProblems(config: Config): GarrisonError[] {
  const index = config.responders.enforce.findIndex(({ approval }) => approval);
  const isBot = config.notifier.slack.botToken !== undefined;
  return index < 0 || isBot
    ? []
    : [
        configProblem(
          config,
          ['responders', 'enforce', index, 'approval'],
          'needs the Slack app: an incoming webhook has no buttons that answer',
          'Set notifier.slack.botToken and channel (docs/slack-app.md), or take approval out.',
        ),
      ];
}

function problemsOf(id: ResponderId, config: Config, rules: DetectionRules): GarrisonError[] {
  const listed = Array.isArray(config.responders.enabled) ? config.responders.enabled : [];
  const path = ['responders', 'enabled', ...(listed.includes(id) ? [listed.indexOf(id)] : [])];
  const problem = (text: string, remedy: string) => configProblem(config, path, text, remedy);
  const missing = missingDetections(id, rules);
  return [
    ...(missing.length > 0
      ? [
          problem(
            `cannot be: ${id} answers to ${missing.join(', ')}, which ${missing.length === 1 ? 'has' : 'have'} no rule`,
            'Add to detections.enabled what is missing, or take the responder out.',
          ),
        ]
      : []),
    ...(id === 'removed-objects' && config.responders.buckets.length === 0
      ? [problem('cannot be: removed-objects has no bucket to look after', 'Name some in responders.buckets.')]
      : []),
  ];
}
