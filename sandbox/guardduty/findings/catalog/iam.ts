import { type Row, rows } from './entry';

const user = 'GeneratedFindingUserName';
const api = 'GeneratedFindingAPIName';

const anomalous = (purpose: string): string =>
  `User IAMUser : ${user} is anomalously invoking APIs commonly used in ${purpose} tactics.`;

const table: readonly Row[] = [
  ['CredentialAccess:IAMUser/AnomalousBehavior', 5, anomalous('CredentialAccess')],
  [
    'CredentialAccess:IAMUser/CompromisedCredentials',
    8,
    `Credentials of IAM user ${user} were reported as compromised and used to call AWS APIs.`,
  ],
  ['DefenseEvasion:IAMUser/AnomalousBehavior', 5, anomalous('DefenseEvasion')],
  ['Discovery:IAMUser/AnomalousBehavior', 2, anomalous('Discovery')],
  ['Exfiltration:IAMUser/AnomalousBehavior', 8, anomalous('Exfiltration')],
  ['Impact:IAMUser/AnomalousBehavior', 8, anomalous('Impact')],
  ['InitialAccess:IAMUser/AnomalousBehavior', 5, anomalous('InitialAccess')],
  ['PenTest:IAMUser/KaliLinux', 5, `API ${api} was invoked from a remote host potentially running Kali Linux.`],
  [
    'PenTest:IAMUser/ParrotLinux',
    5,
    `API ${api} was invoked from a remote host potentially running Parrot Security Linux.`,
  ],
  ['PenTest:IAMUser/PentooLinux', 5, `API ${api} was invoked from a remote host potentially running Pentoo Linux.`],
  ['Persistence:IAMUser/AnomalousBehavior', 5, anomalous('Persistence')],
  ['Policy:IAMUser/RootCredentialUsage', 2, `API ${api} was invoked using root credentials.`],
  ['Policy:IAMUser/ShortTermRootCredentialUsage', 2, `API ${api} was invoked using short-term root credentials.`],
  ['PrivilegeEscalation:IAMUser/AnomalousBehavior', 5, anomalous('PrivilegeEscalation')],
  ['Recon:IAMUser/MaliciousIPCaller', 5, `Reconnaissance API ${api} was invoked from a known malicious IP address.`],
  [
    'Recon:IAMUser/MaliciousIPCaller.Custom',
    5,
    `Reconnaissance API ${api} was invoked from an IP address on a custom threat list.`,
  ],
  ['Recon:IAMUser/TorIPCaller', 5, `Reconnaissance API ${api} was invoked from a Tor exit node.`],
  ['Stealth:IAMUser/CloudTrailLoggingDisabled', 2, 'AWS CloudTrail trail GeneratedFindingTrailName was disabled.'],
  [
    'Stealth:IAMUser/PasswordPolicyChange',
    2,
    'Account password policy was weakened by calling GeneratedFindingAPIName.',
  ],
  [
    'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B',
    5,
    `Multiple worldwide successful console logins were observed for IAMUser ${user}.`,
  ],
  [
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS',
    8,
    `Credentials for the EC2 instance role ${user} were used from a remote AWS account.`,
  ],
  [
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    8,
    `Credentials for the EC2 instance role ${user} were used from an external IP address.`,
  ],
  ['UnauthorizedAccess:IAMUser/MaliciousIPCaller', 5, `API ${api} was invoked from a known malicious IP address.`],
  [
    'UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom',
    5,
    `API ${api} was invoked from an IP address on a custom threat list.`,
  ],
  [
    'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
    8,
    `Credentials of the resource role ${user} were used from an external IP address.`,
  ],
  ['UnauthorizedAccess:IAMUser/TorIPCaller', 5, `API ${api} was invoked from a Tor exit node.`],
];

export const iam = rows(table, { resource: 'AccessKey', action: 'api' });
