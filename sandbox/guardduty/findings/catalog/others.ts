import { type Row, rows } from './entry';

const database = 'GeneratedFindingDBInstanceId';
const lambda = 'Lambda function GeneratedFindingLambdaFunctionName';

const logins: readonly Row[] = [
  [
    'CredentialAccess:RDS/AnomalousBehavior.FailedLogin',
    2,
    `Unusual failed login attempts were observed on RDS database ${database}.`,
  ],
  [
    'CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce',
    8,
    `A user logged into RDS database ${database} after an unusual pattern of failed attempts.`,
  ],
  [
    'CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin',
    5,
    `A user logged into RDS database ${database} in an anomalous way.`,
  ],
  [
    'CredentialAccess:RDS/MaliciousIPCaller.FailedLogin',
    5,
    `A known malicious IP address failed to log into RDS database ${database}.`,
  ],
  [
    'CredentialAccess:RDS/MaliciousIPCaller.SuccessfulLogin',
    8,
    `A user logged into RDS database ${database} from a known malicious IP address.`,
  ],
  [
    'CredentialAccess:RDS/TorIPCaller.FailedLogin',
    5,
    `A Tor exit node IP address failed to log into RDS database ${database}.`,
  ],
  [
    'CredentialAccess:RDS/TorIPCaller.SuccessfulLogin',
    8,
    `A user logged into RDS database ${database} from a Tor exit node IP address.`,
  ],
  ['Discovery:RDS/MaliciousIPCaller', 5, `A known malicious IP address probed RDS database ${database}.`],
  ['Discovery:RDS/TorIPCaller', 5, `A Tor exit node IP address probed RDS database ${database}.`],
];

const functions: readonly Row[] = [
  ['Backdoor:Lambda/C&CActivity.B', 8, `${lambda} is communicating with a known Command & Control server.`],
  ['CryptoCurrency:Lambda/BitcoinTool.B', 8, `${lambda} is communicating with a cryptocurrency-related IP address.`],
  ['Trojan:Lambda/BlackholeTraffic', 5, `${lambda} is attempting to communicate with an IP address of a black hole.`],
  [
    'Trojan:Lambda/DropPoint',
    5,
    `${lambda} is attempting to communicate with a remote host known to hold stolen data.`,
  ],
  [
    'UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom',
    5,
    `${lambda} is communicating with an IP address on a custom threat list.`,
  ],
  ['UnauthorizedAccess:Lambda/TorClient', 8, `${lambda} is communicating with a Tor Entry node.`],
  ['UnauthorizedAccess:Lambda/TorRelay', 8, `${lambda} is communicating with a Tor Relay node.`],
];

const ecs: readonly Row[] = [
  ['Execution:ECS/MaliciousFile', 8, 'A malicious file was found on ECS cluster GeneratedFindingECSClusterName.'],
  ['Execution:ECS/SuspiciousFile', 5, 'A suspicious file was found on ECS cluster GeneratedFindingECSClusterName.'],
];

const containers: readonly Row[] = [
  ['Execution:Container/MaliciousFile', 8, 'A malicious file was found on container GeneratedFindingContainerName.'],
  ['Execution:Container/SuspiciousFile', 5, 'A suspicious file was found on container GeneratedFindingContainerName.'],
];

const scanned = { action: 'none', feature: 'EbsVolumeScan' } as const;

export const others = [
  ...rows(logins, { resource: 'RDSDBInstance', action: 'rdsLogin', feature: 'RdsLoginEvents' }),
  ...rows(functions, { resource: 'Lambda', action: 'outbound', feature: 'LambdaNetworkLogs' }),
  ...rows(ecs, { resource: 'ECSCluster', ...scanned }),
  ...rows(containers, { resource: 'Container', ...scanned }),
  ...rows([['Execution:EC2/MaliciousFile!Snapshot', 8, 'EBS snapshot snap-99999999 has a malicious file.']], {
    resource: 'EBSSnapshot',
    ...scanned,
  }),
  ...rows([['Execution:EC2/MaliciousFile!AMI', 8, 'EC2 AMI ami-99999999 has a malicious file.']], {
    resource: 'EC2Image',
    ...scanned,
  }),
  ...rows(
    [
      [
        'Execution:EC2/MaliciousFile!RecoveryPoint',
        8,
        'Recovery point GeneratedFindingRecoveryPoint has a malicious file.',
      ],
      [
        'Execution:S3/MaliciousFile!RecoveryPoint',
        8,
        'S3 recovery point GeneratedFindingRecoveryPoint has a malicious file.',
      ],
    ],
    { resource: 'RecoveryPoint', ...scanned },
  ),
];
