import type { AlertRule } from '../../detections/rollout';
import type { OrganizationModel } from '../model';

/** The detection's own rule says `garrison-<detection>`, and a number where it needs several. */
function detectionOf({ name }: AlertRule): string {
  return name.replace(/^garrison-/, '').replace(/-\d+$/, '');
}

const fields = '"requestParameters":<requestParameters>';

/**
 * Rules of the bus for the question queue: those of the alerts, with the same events and the same words, so that what
 * is asked finds the alert's thread. What IAM Identity Center did where stands in a member that only its own events
 * have: they get a rule of their own, which hands it on.
 */
export function attestationRules({ detections, attestationSettings }: OrganizationModel): AlertRule[] {
  const asked = new Set<string>(attestationSettings?.detections ?? []);
  return detections.alerts
    .filter((rule) => asked.has(detectionOf(rule)))
    .flatMap((rule) => {
      const name = rule.name.replace(/^garrison-/, 'garrison-attest-');
      const { inputPathsMap, inputTemplate } = rule.inputTransformer;
      const takesApart =
        inputTemplate.includes(fields) && JSON.stringify(rule.eventPattern).includes('serviceEventDetails');
      if (!takesApart) {
        return [{ ...rule, name }];
      }
      const transformer = {
        inputPathsMap: { ...inputPathsMap, serviceEventDetails: '$.detail.serviceEventDetails' },
        inputTemplate: inputTemplate.replace(fields, `${fields},"serviceEventDetails":<serviceEventDetails>`),
      };
      return [
        { ...rule, name, eventPattern: { source: [{ 'anything-but': ['aws.sso'] }], ...rule.eventPattern } },
        {
          ...rule,
          name: `${name}-sso`,
          eventPattern: { source: ['aws.sso'], ...rule.eventPattern },
          inputTransformer: transformer,
        },
      ] as AlertRule[];
    });
}

/** Alerts of the root user are critical where its use has to be accounted for. */
export function withCriticalRoot(rules: readonly AlertRule[]): AlertRule[] {
  return rules.map((rule) => {
    const { inputPathsMap, inputTemplate } = rule.inputTransformer;
    const raised = inputTemplate.replace(/("id":"root-[a-z-]+",[^{}]*?"severity":)"[a-z]+"/, '$1"critical"');
    return { ...rule, inputTransformer: { inputPathsMap, inputTemplate: raised } };
  });
}
