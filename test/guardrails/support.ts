import { type ConfiguredGuardrail, configuredGuardrails } from '../../guardrails';
import { parseConfig } from '../../organization/config';

export const managementId = '100000000001';
export const securityId = '100000000002';

const head = `managementAccount: "${managementId}"\nsecurityAccount: "${securityId}"\nhomeRegion: us-east-1\nregions: [us-east-1, eu-west-1]\n`;

/** Settings with which every guardrail says something. */
export const everything = `guardrails:
  enabled: all
  exempt: ["arn:aws:iam::*:role/BreakGlass"]
  settings:
    approved-images: {images: [ami-0123456789abcdef0], owners: [amazon, self]}
    listed-networks: {networks: [198.51.100.0/24, 2001:db8::/32], vpcs: [vpc-0123456789abcdef0]}
    unused-regions: {regions: [us-east-1, eu-west-1]}
    keep-cloudtrail: {logBuckets: [organization-logs]}
`;

/** A configuration with these lines after the first four. */
export function configWith(lines: string) {
  return parseConfig(`${head}${lines}`);
}

/** The catalog as such a configuration has it. */
export function guardrailsWith(lines: string): ConfiguredGuardrail[] {
  return configuredGuardrails(configWith(lines));
}
