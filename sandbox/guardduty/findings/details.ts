import type { Detection, ProcessDetails, Service, Signal } from '@aws-sdk/client-guardduty';
import type { FindingType } from './catalog/entry';
import type { Place } from './resources';

function process(now: Date): ProcessDetails {
  return {
    Name: 'GeneratedFindingProcessName',
    ExecutablePath: 'GeneratedFindingProcessExecutablePath',
    ExecutableSha256: 'GeneratedFindingProcessExecutableSha256',
    NamespacePid: 0,
    Pwd: 'GeneratedFindingProcessPwd',
    Pid: 0,
    StartTime: now,
    Uuid: 'GeneratedFindingProcessUuid',
    ParentUuid: 'GeneratedFindingProcessParentUuid',
    User: 'GeneratedFindingProcessUser',
    UserId: 0,
    Euid: 0,
    Lineage: [],
  };
}

/** The two steps that a sample attack sequence consists of. */
function signals(now: Date): Signal[] {
  const common = { CreatedAt: now, UpdatedAt: now, FirstSeenAt: now, LastSeenAt: now, Count: 1 };
  return [
    {
      ...common,
      Uid: 'GeneratedFindingSignalUid1',
      Type: 'FINDING',
      Name: 'UnauthorizedAccess:IAMUser/TorIPCaller',
      Description: 'A previous finding is part of the sequence.',
      Severity: 5,
      ActorIds: ['GeneratedFindingActorId'],
    },
    {
      ...common,
      Uid: 'GeneratedFindingSignalUid2',
      Type: 'CLOUD_TRAIL',
      Name: 'cloudtrail:DeleteTrail',
      Description: 'An API call is part of the sequence.',
      ActorIds: ['GeneratedFindingActorId'],
    },
  ];
}

function sequence(finding: FindingType, place: Place): Detection {
  return {
    Sequence: {
      Uid: 'GeneratedFindingSequenceUid',
      Description: finding.title,
      Actors: [
        {
          Id: 'GeneratedFindingActorId',
          User: {
            Name: 'GeneratedFindingUserName',
            Uid: 'GeneratedFindingPrincipalId',
            Type: 'IAMUser',
            CredentialUid: 'GeneratedFindingAccessKeyId',
            Account: { Uid: place.accountId },
          },
          Session: { Uid: 'GeneratedFindingSessionUid', MfaStatus: 'DISABLED', CreatedTime: place.now },
        },
      ],
      Resources: [
        {
          Uid: 'GeneratedFindingAccessKeyId',
          Name: 'GeneratedFindingAccessKeyId',
          AccountId: place.accountId,
          ResourceType: 'ACCESS_KEY',
          Region: place.region,
          Service: 'iam',
          CloudPartition: place.partition,
          Data: {
            AccessKey: {
              PrincipalId: 'GeneratedFindingPrincipalId',
              UserName: 'GeneratedFindingUserName',
              UserType: 'IAMUser',
            },
          },
        },
      ],
      Endpoints: [
        {
          Id: 'GeneratedFindingEndpointId',
          Ip: '198.51.100.0',
          Location: {
            City: 'GeneratedFindingCityName',
            Country: 'GeneratedFindingCountryName',
            Latitude: 0,
            Longitude: 0,
          },
          AutonomousSystem: { Name: 'GeneratedFindingASNOrg', Number: 0 },
          Connection: { Direction: 'INBOUND' },
        },
      ],
      Signals: signals(place.now),
      SequenceIndicators: [
        { Key: 'ATTACK_TACTIC', Values: ['Defense Evasion', 'Impact'], Title: 'MITRE tactics' },
        { Key: 'TOR_IP', Values: ['198.51.100.0'], Title: 'Tor exit node' },
      ],
    },
  };
}

function volumeScan(finding: FindingType, now: Date): Partial<Service> {
  const threat = 'EICAR-Test-File';
  return {
    EbsVolumeScanDetails: {
      ScanId: 'GeneratedFindingScanId',
      ScanStartedAt: now,
      ScanCompletedAt: now,
      TriggerFindingId: 'GeneratedFindingTriggerFindingId',
      Sources: ['Bitdefender'],
      ScanType: finding.type.includes('!') ? 'ON_DEMAND' : 'GUARDDUTY_INITIATED',
      ScanDetections: {
        ScannedItemCount: { TotalGb: 8, Files: 10_000, Volumes: 1 },
        ThreatsDetectedItemCount: { Files: 1 },
        HighestSeverityThreatDetails: { Severity: 'HIGH', ThreatName: threat, Count: 1 },
        ThreatDetectedByName: {
          ItemCount: 1,
          UniqueThreatNameCount: 1,
          Shortened: false,
          ThreatNames: [
            {
              Name: threat,
              Severity: 'HIGH',
              ItemCount: 1,
              FilePaths: [
                {
                  FilePath: '/tmp/eicar.com',
                  FileName: 'eicar.com',
                  VolumeArn: 'GeneratedFindingVolumeArn',
                  Hash: 'GeneratedFindingFileHash',
                },
              ],
            },
          ],
        },
      },
    },
  };
}

function objectScan(): Partial<Service> {
  return {
    MalwareScanDetails: {
      Threats: [{ Name: 'EICAR-Test-File', Source: 'Bitdefender', ItemPaths: [{ NestedItemPath: '', Hash: '' }] }],
    },
  };
}

/** What a sample finding's `Service` holds beside the action: processes, scans, sequences, intelligence. */
export function sampleDetails(finding: FindingType, place: Place): Partial<Service> {
  if (finding.resource === 'AttackSequence') {
    return { Detection: sequence(finding, place) };
  }
  if (finding.resource === 'S3Object') {
    return objectScan();
  }
  if (finding.feature === 'EbsVolumeScan') {
    return volumeScan(finding, place.now);
  }
  if (finding.feature === 'RuntimeMonitoring') {
    return { RuntimeDetails: { Process: process(place.now), Context: { ModifiedAt: place.now } } };
  }
  const listed = /MaliciousIPCaller|Custom|C&C|Tor|Bitcoin|Reputation/.test(finding.type);
  return listed
    ? {
        Evidence: {
          ThreatIntelligenceDetails: [
            { ThreatListName: 'GeneratedFindingThreatListName', ThreatNames: ['GeneratedFindingThreatName'] },
          ],
        },
      }
    : {};
}
