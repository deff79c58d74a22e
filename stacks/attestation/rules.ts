import type { AlertRule } from '../../detections/rollout';
import type { OrganizationModel } from '../model';

/** The detection's own rule says `garrison-<detection>`, and a number where it needs several. */
function detectionOf({ name }: AlertRule): string {
  return name.replace(/^garrison-/, '').replace(/-\d+$/, '');
}

const fields = '"requestParameters":<requestParameters>';
const place = 'serviceEventDetails';
/** EventBridge's limit on the length of a pattern. */
const longestPattern = 2_048;

/**
 * Rules of the bus for the question queue: those of the alerts, with the same events and the same words, so that what
 * is asked finds the alert's thread. What IAM Identity Center did where stands in a member that only its own events
 * have: they get a rule of their own, which hands it on.
 */
export function attestationRules({ detections, attestationSettings }: OrganizationModel): AlertRule[] {
  const asked = new Set<string>(attestationSettings?.detections ?? []);
  return detections.alerts
    .filter((rule) => asked.has(detectionOf(rule)))
    .map((rule) => ({ ...rule, name: rule.name.replace(/^garrison-/, 'garrison-attest-') }))
    .flatMap((rule) => withPlaces(rule) ?? [rule]);
}

/** Two rules of one, that of Identity Center with the place; `undefined` where there is nothing to tell apart, or no room. */
function withPlaces(rule: AlertRule): AlertRule[] | undefined {
  const { inputPathsMap, inputTemplate } = rule.inputTransformer;
  const others = { source: [{ 'anything-but': ['aws.sso'] }], ...rule.eventPattern };
  const length = JSON.stringify(others).length;
  if (!inputTemplate.includes(fields) || !JSON.stringify(others).includes(place) || length > longestPattern) {
    return undefined;
  }
  const inputTransformer = {
    inputPathsMap: { ...inputPathsMap, [place]: `$.detail.${place}` },
    inputTemplate: inputTemplate.replace(fields, `${fields},"${place}":<${place}>`),
  };
  const own = { source: ['aws.sso'], ...rule.eventPattern };
  return [
    { ...rule, eventPattern: others },
    { ...rule, name: `${rule.name}-sso`, eventPattern: own, inputTransformer },
  ] as AlertRule[];
}

/** Alerts of the root user are critical where its use has to be accounted for. */
export function withCriticalRoot(rules: readonly AlertRule[]): AlertRule[] {
  return rules.map((rule) => {
    const { inputPathsMap, inputTemplate } = rule.inputTransformer;
    const raised = inputTemplate.replace(/("id":"root-[a-z-]+",[^{}]*?"severity":)"[a-z]+"/, '$1"critical"');
    return { ...rule, inputTransformer: { inputPathsMap, inputTemplate: raised } };
  });
}
