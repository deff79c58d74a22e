import { type Row, rows } from './entry';

const api = 'GeneratedFindingAPIName';
const bucket = 'GeneratedFindingS3Bucket';

const anomalous = (purpose: string): string =>
  `User IAMUser : GeneratedFindingUserName is anomalously invoking S3 APIs commonly used in ${purpose} tactics.`;

const table: readonly Row[] = [
  ['Discovery:S3/AnomalousBehavior', 2, anomalous('Discovery')],
  ['Discovery:S3/MaliciousIPCaller', 8, `Reconnaissance API ${api} was invoked from a known malicious IP address.`],
  [
    'Discovery:S3/MaliciousIPCaller.Custom',
    8,
    `Reconnaissance API ${api} was invoked from an IP address on a custom threat list.`,
  ],
  ['Discovery:S3/TorIPCaller', 5, `Reconnaissance API ${api} was invoked from a Tor exit node IP address.`],
  ['Exfiltration:S3/AnomalousBehavior', 8, anomalous('Exfiltration')],
  [
    'Exfiltration:S3/MaliciousIPCaller',
    8,
    `Data exfiltration related API ${api} was invoked from a known malicious IP address.`,
  ],
  ['Impact:S3/AnomalousBehavior.Delete', 8, anomalous('Impact')],
  ['Impact:S3/AnomalousBehavior.Permission', 8, anomalous('Impact')],
  ['Impact:S3/AnomalousBehavior.Write', 5, anomalous('Impact')],
  ['Impact:S3/MaliciousIPCaller', 8, `Impact API ${api} was invoked from a known malicious IP address.`],
  ['PenTest:S3/KaliLinux', 5, `API ${api} was invoked from a remote host potentially running Kali Linux.`],
  ['PenTest:S3/ParrotLinux', 5, `API ${api} was invoked from a remote host potentially running Parrot Security Linux.`],
  ['PenTest:S3/PentooLinux', 5, `API ${api} was invoked from a remote host potentially running Pentoo Linux.`],
  ['Policy:S3/AccountBlockPublicAccessDisabled', 2, 'Amazon S3 Block Public Access was disabled for the account.'],
  [
    'Policy:S3/BucketAnonymousAccessGranted',
    8,
    `Amazon S3 Public Anonymous Access was granted for S3 bucket ${bucket}.`,
  ],
  [
    'Policy:S3/BucketBlockPublicAccessDisabled',
    2,
    `Amazon S3 Block Public Access was disabled for S3 bucket ${bucket}.`,
  ],
  ['Policy:S3/BucketPublicAccessGranted', 8, `Amazon S3 Public Access was granted for S3 bucket ${bucket}.`],
  [
    'Stealth:S3/ServerAccessLoggingDisabled',
    2,
    `Amazon S3 Server Access Logging was disabled for S3 bucket ${bucket}.`,
  ],
  [
    'UnauthorizedAccess:S3/MaliciousIPCaller.Custom',
    8,
    `API ${api} was invoked from an IP address on a custom threat list.`,
  ],
  ['UnauthorizedAccess:S3/TorIPCaller', 8, `API ${api} was invoked from a Tor exit node IP address.`],
];

const objects: readonly Row[] = [['Object:S3/MaliciousFile', 8, `A malicious file was found in S3 bucket ${bucket}.`]];

export const s3 = [
  ...rows(table, { resource: 'S3Bucket', action: 'api' }),
  ...rows(objects, { resource: 'S3Object', action: 'none' }),
];
