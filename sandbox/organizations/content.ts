import type { PolicyType } from '@aws-sdk/client-organizations';
import { constraint, organizationsError } from './errors';

/** Characters that a document of a type may have; the rest 10,000. */
const sizes: Partial<Record<PolicyType, number>> = {
  SERVICE_CONTROL_POLICY: 10_240,
  RESOURCE_CONTROL_POLICY: 5_120,
  AISERVICES_OPT_OUT_POLICY: 2_500,
};
const usualSize = 10_000;

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
}

const malformed = () => organizationsError('MalformedPolicyDocumentException');

function parsed(content: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    throw malformed();
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw malformed();
  }
  return document as Record<string, unknown>;
}

/** Statements as IAM has them; a resource control policy also needs `Principal: "*"` and may only deny. */
function checkStatement(statement: Statement | null, type: PolicyType): void {
  if (typeof statement !== 'object' || statement === null) {
    throw malformed();
  }
  const effect = statement.Effect === 'Allow' || statement.Effect === 'Deny';
  const action = (statement.Action === undefined) !== (statement.NotAction === undefined);
  const resource = statement.Resource !== undefined || statement.NotResource !== undefined;
  if (!effect || !action || !resource) {
    throw malformed();
  }
  const forResources = type === 'RESOURCE_CONTROL_POLICY';
  if (forResources ? statement.Principal !== '*' || statement.Effect !== 'Deny' : statement.Principal !== undefined) {
    throw malformed();
  }
}

const guardDutyFeatures = [
  'foundational',
  's3_data_events',
  'eks_audit_logs',
  'ebs_malware_protection',
  'rds_login_events',
  'lambda_network_logs',
  'runtime_monitoring',
  'ai_protection',
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One block of features: with any of them on, foundational detection is on, too. */
function checkBlock(block: unknown): void {
  if (!isObject(block)) {
    throw malformed();
  }
  const status = (feature: unknown): unknown =>
    isObject(feature) && isObject(feature.status) ? feature.status['@@assign'] : undefined;
  const features = Object.entries(block).filter(([name]) => !name.startsWith('@@'));
  for (const [name, feature] of features) {
    if (!guardDutyFeatures.includes(name) || !['enabled', 'disabled'].includes(String(status(feature)))) {
      throw malformed();
    }
  }
  const on = features.some(([, feature]) => status(feature) === 'enabled');
  if (on && status(block.foundational) !== 'enabled') {
    throw malformed();
  }
}

/** `guardduty.enablement` with a `default`, a block for a region, or both (user guide, GuardDuty policy syntax). */
function checkGuardDuty(document: Record<string, unknown>): void {
  const enablement = isObject(document.guardduty) ? document.guardduty.enablement : undefined;
  const blocks = isObject(enablement) ? Object.entries(enablement).filter(([name]) => !name.startsWith('@@')) : [];
  if (blocks.length === 0) {
    throw malformed();
  }
  for (const [, block] of blocks) {
    checkBlock(block);
  }
}

/** @throws ServiceError when the document is too long or is none of its type */
export function checkContent(type: PolicyType, content: string | undefined): void {
  if ((content ?? '').length > (sizes[type] ?? usualSize)) {
    throw constraint('POLICY_CONTENT_LIMIT_EXCEEDED', 'You have exceeded the maximum policy size.');
  }
  const document = parsed(content ?? '');
  if (type === 'GUARDDUTY_POLICY') {
    checkGuardDuty(document);
  }
  if (type !== 'SERVICE_CONTROL_POLICY' && type !== 'RESOURCE_CONTROL_POLICY') {
    return;
  }
  const statements = [document.Statement ?? []].flat();
  if (document.Version !== '2012-10-17' || statements.length === 0) {
    throw malformed();
  }
  for (const statement of statements) {
    checkStatement(statement as Statement, type);
  }
}
