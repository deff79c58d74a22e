/** A protection plan, and where it can be had. */
export interface FeatureDefinition {
  readonly name: string;
  /** Always on; the API neither takes nor changes it. */
  readonly foundational?: boolean;
  /** Whether CreateDetector switches it on without being asked. */
  readonly byDefault: boolean;
  readonly additional: readonly string[];
  /** Parts that exist, too, but that are told only once they were set. */
  readonly quietAdditional?: readonly string[];
  /** Told by GetDetector only once it was set. */
  readonly quiet?: boolean;
  /** Regions in which the plan does not exist. */
  readonly notIn: readonly string[];
}

const china = ['cn-north-1', 'cn-northwest-1'];
const govCloud = ['us-gov-east-1', 'us-gov-west-1'];
/** Regions of 2024 and later, which the younger plans reached late or not yet. */
const young = ['ap-southeast-5', 'ap-southeast-7', 'mx-central-1', 'ap-east-2', 'ap-southeast-6'];

/** In the order in which GetDetector lists them. Source: the user guide's regional availability, as last published. */
const definitions: readonly FeatureDefinition[] = [
  { name: 'CLOUD_TRAIL', foundational: true, byDefault: true, additional: [], notIn: [] },
  { name: 'DNS_LOGS', foundational: true, byDefault: true, additional: [], notIn: [] },
  { name: 'FLOW_LOGS', foundational: true, byDefault: true, additional: [], notIn: [] },
  { name: 'S3_DATA_EVENTS', byDefault: true, additional: [], notIn: [] },
  { name: 'EKS_AUDIT_LOGS', byDefault: true, additional: [], notIn: [] },
  { name: 'EBS_MALWARE_PROTECTION', byDefault: true, additional: [], notIn: china },
  {
    name: 'RDS_LOGIN_EVENTS',
    byDefault: true,
    additional: [],
    quietAdditional: ['RDS_DATA_RISK'],
    notIn: [...china, ...govCloud, ...young],
  },
  { name: 'EKS_RUNTIME_MONITORING', byDefault: false, additional: ['EKS_ADDON_MANAGEMENT'], notIn: [] },
  { name: 'LAMBDA_NETWORK_LOGS', byDefault: true, additional: [], notIn: [...china, ...young] },
  {
    name: 'RUNTIME_MONITORING',
    byDefault: false,
    additional: ['EKS_ADDON_MANAGEMENT', 'ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT'],
    notIn: [],
  },
  { name: 'AI_PROTECTION', quiet: true, byDefault: false, additional: [], notIn: [...china, ...govCloud] },
  { name: 'AI_ANALYST', quiet: true, byDefault: false, additional: [], notIn: [...china, ...govCloud] },
];

/** The plans that exist in a region. */
export function featuresIn(region: string): readonly FeatureDefinition[] {
  return definitions.filter((feature) => !feature.notIn.includes(region));
}

/** Whether a plan has such a part. */
export function hasAdditional(feature: FeatureDefinition, name: string | undefined): boolean {
  return [...feature.additional, ...(feature.quietAdditional ?? [])].includes(name ?? '');
}
