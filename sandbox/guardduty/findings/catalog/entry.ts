/** What a finding's action tells: which of the API's action shapes it has, or none. */
export type ActionKind =
  | 'outbound'
  | 'inbound'
  | 'dns'
  | 'portProbe'
  | 'api'
  | 'kubernetesApi'
  | 'kubernetesPermission'
  | 'rdsLogin'
  | 'none';

/** Which details a finding's `Resource` has. */
export type ResourceKind =
  | 'Instance'
  | 'AccessKey'
  | 'S3Bucket'
  | 'S3Object'
  | 'EKSCluster'
  | 'ECSCluster'
  | 'Container'
  | 'EBSSnapshot'
  | 'EC2Image'
  | 'RecoveryPoint'
  | 'RDSDBInstance'
  | 'Lambda'
  | 'AttackSequence';

/**
 * One finding type: name, severity from 1 to 10, and title, with the placeholders that GuardDuty's own samples use.
 * Types and severities: the user guide's finding types.
 */
export interface FindingType {
  readonly type: string;
  readonly severity: number;
  readonly title: string;
  readonly resource: ResourceKind;
  readonly action: ActionKind;
  /** The protection plan that finds it (`FeatureName`), when not one of the foundations. */
  readonly feature?: string;
}

/** A row of a catalog file: type, severity, title, and the action when it is not the file's usual one. */
export type Row = readonly [type: string, severity: number, title: string, action?: ActionKind];

export function rows(
  table: readonly Row[],
  common: { resource: ResourceKind; action: ActionKind; feature?: string },
): FindingType[] {
  return table.map(([type, severity, title, action]) => ({
    ...common,
    type,
    severity,
    title,
    action: action ?? common.action,
  }));
}
