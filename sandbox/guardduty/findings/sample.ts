import { sampleAction } from './actions';
import type { FindingType } from './catalog/entry';
import { sampleDetails } from './details';
import type { Finding } from './finding';
import { type Place, sampleResource } from './resources';

/** A finding of a type with everything in it that its kind has, in the words of GuardDuty's own samples. */
export function sampleFinding(
  finding: FindingType,
  place: Place,
  identity: { id: string; detectorId: string; arn: string },
): Finding {
  const seen = place.now.toISOString();
  return {
    AccountId: place.accountId,
    Arn: identity.arn,
    CreatedAt: seen,
    UpdatedAt: seen,
    Description: `${finding.title} ${purposes[finding.type.split(':')[0] as string] ?? ''}`.trim(),
    Id: identity.id,
    Partition: place.partition,
    Region: place.region,
    Resource: sampleResource(finding.resource, place),
    SchemaVersion: '2.0',
    Severity: finding.severity,
    Title: finding.title,
    Type: finding.type,
    Service: {
      ServiceName: 'guardduty',
      DetectorId: identity.detectorId,
      Action: sampleAction(finding),
      ...sampleDetails(finding, place),
      ResourceRole: role(finding),
      AdditionalInfo: { Type: 'default', Value: JSON.stringify({ sample: true }) },
      FeatureName: finding.feature ?? foundation(finding),
      EventFirstSeen: seen,
      EventLastSeen: seen,
      Archived: false,
      Count: 1,
    },
  };
}

const role = (finding: FindingType): string =>
  finding.action === 'outbound' && !finding.type.startsWith('Impact') ? 'ACTOR' : 'TARGET';

function foundation(finding: FindingType): string {
  if (finding.action === 'dns') {
    return 'DnsLogs';
  }
  return finding.action === 'api' ? 'CloudTrail' : 'FlowLogs';
}

/** What an attacker is after, by the first word of the type. */
const purposes: Readonly<Record<string, string>> = {
  AttackSequence: 'Several steps of a known way of attack were seen together.',
  Backdoor: 'The resource may be under the control of somebody else.',
  Behavior: 'The activity differs from what was seen of this resource before.',
  CredentialAccess: 'Somebody may be collecting passwords, user names and access keys.',
  CryptoCurrency: 'The resource may be used to mine cryptocurrency.',
  DefenseEvasion: 'Somebody may be trying not to be noticed.',
  Discovery: 'Somebody may be finding out what there is in the account.',
  Execution: 'Somebody may be running code of their own.',
  Exfiltration: 'Somebody may be taking data out of the account.',
  Impact: 'Somebody may be manipulating, interrupting or destroying systems and data.',
  InitialAccess: 'Somebody may be getting into the account.',
  Object: 'The object may be harmful to whoever opens it.',
  PenTest: 'Such tools are used for penetration tests, and for attacks.',
  Persistence: 'Somebody may be making sure that they can come back.',
  Policy: 'The account does not follow good practice here.',
  PrivilegeEscalation: 'Somebody may be giving themselves more permissions.',
  Recon: 'Somebody may be looking for weak places.',
  Stealth: 'Somebody may be hiding what they do.',
  Trojan: 'The resource may be running a program that does something other than it claims.',
  UnauthorizedAccess: 'Somebody who is not entitled may be using the account.',
};
