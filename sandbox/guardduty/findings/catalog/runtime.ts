import { type Row, rows } from './entry';

const instance = 'EC2 instance i-99999999';

const table: readonly Row[] = [
  [
    'Backdoor:Runtime/C&CActivity.B',
    8,
    `${instance} is communicating with a known Command & Control server.`,
    'outbound',
  ],
  ['Backdoor:Runtime/C&CActivity.B!DNS', 8, `Command and Control server domain name queried by ${instance}.`, 'dns'],
  [
    'CryptoCurrency:Runtime/BitcoinTool.B',
    8,
    `${instance} is communicating with a cryptocurrency-related IP address.`,
    'outbound',
  ],
  ['CryptoCurrency:Runtime/BitcoinTool.B!DNS', 8, `Cryptocurrency-related domain name queried by ${instance}.`, 'dns'],
  ['DefenseEvasion:Runtime/FilelessExecution', 5, `A process running on ${instance} is executing code from memory.`],
  [
    'DefenseEvasion:Runtime/KernelModuleLoaded',
    8,
    `A kernel module was loaded on ${instance} and may indicate an attempt to gain kernel-level access.`,
  ],
  [
    'DefenseEvasion:Runtime/ProcessInjection.Proc',
    8,
    `A process injection using the proc filesystem was detected on ${instance}.`,
  ],
  [
    'DefenseEvasion:Runtime/ProcessInjection.Ptrace',
    5,
    `A process injection using the ptrace system call was detected on ${instance}.`,
  ],
  [
    'DefenseEvasion:Runtime/ProcessInjection.VirtualMemoryWrite',
    8,
    `A process injection through a direct write to virtual memory was detected on ${instance}.`,
  ],
  [
    'DefenseEvasion:Runtime/PtraceAntiDebugging',
    2,
    `A process on ${instance} has executed an anti-debugging measure using ptrace.`,
  ],
  [
    'DefenseEvasion:Runtime/SuspiciousCommand',
    8,
    `A suspicious command used in defense evasion was executed on ${instance}.`,
  ],
  ['Discovery:Runtime/RevokedDiscovery', 2, `A discovery command was executed by a revoked session on ${instance}.`],
  ['Discovery:Runtime/SuspiciousCommand', 2, `A suspicious command used in discovery was executed on ${instance}.`],
  ['Execution:Runtime/MaliciousFileExecuted', 8, `A known malicious file was executed on ${instance}.`],
  ['Execution:Runtime/NewBinaryExecuted', 5, `A newly created binary file was executed in a container on ${instance}.`],
  ['Execution:Runtime/NewLibraryLoaded', 5, `A newly created library was loaded by a process on ${instance}.`],
  ['Execution:Runtime/ReverseShell', 8, `A process on ${instance} has created a reverse shell.`, 'outbound'],
  ['Execution:Runtime/SuspiciousCommand', 5, `A suspicious command was executed on ${instance}.`],
  [
    'Execution:Runtime/SuspiciousShellCreated',
    2,
    `A network service on ${instance} has started an interactive shell process.`,
  ],
  ['Execution:Runtime/SuspiciousTool', 5, `A suspicious tool was executed on ${instance}.`],
  ['Impact:Runtime/AbusedDomainRequest.Reputation', 5, `An abused domain name was queried by ${instance}.`, 'dns'],
  [
    'Impact:Runtime/BitcoinDomainRequest.Reputation',
    8,
    `A Bitcoin-related domain name was queried by ${instance}.`,
    'dns',
  ],
  [
    'Impact:Runtime/CryptoMinerExecuted',
    8,
    `A process associated with cryptocurrency mining was executed on ${instance}.`,
  ],
  ['Impact:Runtime/MaliciousDomainRequest.Reputation', 8, `A malicious domain name was queried by ${instance}.`, 'dns'],
  [
    'Impact:Runtime/SuspiciousDomainRequest.Reputation',
    2,
    `A suspicious domain name was queried by ${instance}.`,
    'dns',
  ],
  ['Persistence:Runtime/SuspiciousCommand', 5, `A suspicious command used in persistence was executed on ${instance}.`],
  [
    'PrivilegeEscalation:Runtime/CGroupsReleaseAgentModified',
    8,
    `The CGroups release agent was modified from a container on ${instance}.`,
  ],
  [
    'PrivilegeEscalation:Runtime/ContainerMountsHostDirectory',
    5,
    `A host directory was mounted inside a container on ${instance}.`,
  ],
  [
    'PrivilegeEscalation:Runtime/DockerSocketAccessed',
    5,
    `A process inside a container on ${instance} accessed the Docker daemon through its socket.`,
  ],
  ['PrivilegeEscalation:Runtime/ElevationToRoot', 5, `A process on ${instance} has assumed root privileges.`],
  [
    'PrivilegeEscalation:Runtime/RuncContainerEscape',
    8,
    `A container escape attempt using runC was detected on ${instance}.`,
  ],
  [
    'PrivilegeEscalation:Runtime/SuspiciousCommand',
    5,
    `A suspicious command used in privilege escalation was executed on ${instance}.`,
  ],
  [
    'PrivilegeEscalation:Runtime/UserfaultfdUsage',
    5,
    `A process on ${instance} used userfaultfd to handle page faults in user space.`,
  ],
  [
    'Trojan:Runtime/BlackholeTraffic',
    5,
    `${instance} is attempting to communicate with an IP address of a black hole.`,
    'outbound',
  ],
  ['Trojan:Runtime/BlackholeTraffic!DNS', 5, `Domain name redirected to a black hole queried by ${instance}.`, 'dns'],
  ['Trojan:Runtime/DGADomainRequest.C!DNS', 8, `DGA domain name queried by ${instance}.`, 'dns'],
  ['Trojan:Runtime/DriveBySourceTraffic!DNS', 8, `Drive-by source domain name queried by ${instance}.`, 'dns'],
  ['Trojan:Runtime/DropPoint', 5, `Drop Point traffic observed from ${instance}.`, 'outbound'],
  ['Trojan:Runtime/DropPoint!DNS', 5, `Drop Point domain name queried by ${instance}.`, 'dns'],
  ['Trojan:Runtime/PhishingDomainRequest!DNS', 8, `Phishing domain name queried by ${instance}.`, 'dns'],
  [
    'UnauthorizedAccess:Runtime/MetadataDNSRebind',
    8,
    `EC2 metadata DNS rebind domain name queried by ${instance}.`,
    'dns',
  ],
  ['UnauthorizedAccess:Runtime/TorClient', 8, `${instance} is communicating with a Tor Entry node.`, 'outbound'],
  ['UnauthorizedAccess:Runtime/TorRelay', 8, `${instance} is communicating with a Tor Relay node.`, 'outbound'],
];

export const runtime = rows(table, { resource: 'Instance', action: 'none', feature: 'RuntimeMonitoring' });
