import { type Row, rows } from './entry';

const instance = 'EC2 instance i-99999999';

const table: readonly Row[] = [
  ['Backdoor:EC2/C&CActivity.B', 8, `${instance} is communicating outbound with a known Command & Control server.`],
  ['Backdoor:EC2/C&CActivity.B!DNS', 8, `Command and Control server domain name queried by ${instance}.`, 'dns'],
  [
    'Backdoor:EC2/DenialOfService.Dns',
    8,
    `${instance} is behaving in a manner that may indicate it is being used to perform a Denial of Service (DoS) attack using DNS protocol.`,
  ],
  [
    'Backdoor:EC2/DenialOfService.Tcp',
    8,
    `${instance} is behaving in a manner that may indicate it is being used to perform a Denial of Service (DoS) attack using TCP protocol.`,
  ],
  [
    'Backdoor:EC2/DenialOfService.Udp',
    8,
    `${instance} is behaving in a manner that may indicate it is being used to perform a Denial of Service (DoS) attack using UDP protocol.`,
  ],
  [
    'Backdoor:EC2/DenialOfService.UdpOnTcpPorts',
    8,
    `${instance} is behaving in a manner that may indicate it is being used to perform a Denial of Service (DoS) attack using UDP protocol on a TCP port.`,
  ],
  [
    'Backdoor:EC2/DenialOfService.UnusualProtocol',
    8,
    `${instance} is behaving in a manner that may indicate it is being used to perform a Denial of Service (DoS) attack using an unusual protocol.`,
  ],
  [
    'Backdoor:EC2/Spambot',
    5,
    `${instance} is exhibiting unusual behavior by communicating with a remote host on port 25.`,
  ],
  ['Behavior:EC2/NetworkPortUnusual', 5, `Unusual outbound communication seen from ${instance} on server port 80.`],
  ['Behavior:EC2/TrafficVolumeUnusual', 5, `Unusually large amount of network traffic seen from ${instance}.`],
  [
    'CryptoCurrency:EC2/BitcoinTool.B',
    8,
    `The ${instance} is communicating outbound with a Bitcoin related IP address.`,
  ],
  ['CryptoCurrency:EC2/BitcoinTool.B!DNS', 8, `Bitcoin-related domain name queried by ${instance}.`, 'dns'],
  ['DefenseEvasion:EC2/UnusualDNSResolver', 5, `${instance} is communicating with an unusual public DNS resolver.`],
  ['DefenseEvasion:EC2/UnusualDoHActivity', 5, `${instance} is performing unusual DNS over HTTPS (DoH) communication.`],
  ['DefenseEvasion:EC2/UnusualDoTActivity', 5, `${instance} is performing unusual DNS over TLS (DoT) communication.`],
  ['Impact:EC2/AbusedDomainRequest.Reputation', 5, `An abused domain name was queried by ${instance}.`, 'dns'],
  ['Impact:EC2/BitcoinDomainRequest.Reputation', 8, `A Bitcoin-related domain name was queried by ${instance}.`, 'dns'],
  ['Impact:EC2/MaliciousDomainRequest.Reputation', 8, `A malicious domain name was queried by ${instance}.`, 'dns'],
  [
    'Impact:EC2/MaliciousDomainRequest.Custom',
    5,
    `A domain name on a custom threat entity list was queried by ${instance}.`,
    'dns',
  ],
  ['Impact:EC2/PortSweep', 8, `${instance} is probing a port on a large number of publicly routable IP addresses.`],
  ['Impact:EC2/SuspiciousDomainRequest.Reputation', 2, `A suspicious domain name was queried by ${instance}.`, 'dns'],
  [
    'Impact:EC2/WinRMBruteForce',
    2,
    `${instance} is performing Windows Remote Management brute force attacks against 198.51.100.0.`,
  ],
  ['PenTest:EC2/KaliLinux', 5, `${instance} is communicating from a host running Kali Linux.`, 'inbound'],
  [
    'Recon:EC2/PortProbeEMRUnprotectedPort',
    8,
    `${instance} has an unprotected EMR-related port which is being probed by a known malicious host.`,
    'portProbe',
  ],
  ['Recon:EC2/PortProbeUnprotectedPort', 2, `Unprotected port on ${instance} is being probed.`, 'portProbe'],
  ['Recon:EC2/Portscan', 5, `Outbound portscan from ${instance}.`],
  [
    'Trojan:EC2/BlackholeTraffic',
    5,
    `The ${instance} is attempting to communicate with an IP address of a black hole.`,
  ],
  ['Trojan:EC2/BlackholeTraffic!DNS', 5, `Domain name redirected to a black hole queried by ${instance}.`, 'dns'],
  ['Trojan:EC2/DGADomainRequest.B', 8, `DGA domain name queried by ${instance}.`, 'dns'],
  ['Trojan:EC2/DGADomainRequest.C!DNS', 8, `DGA domain name queried by ${instance}.`, 'dns'],
  ['Trojan:EC2/DNSDataExfiltration', 8, `Data exfiltration through DNS queries from ${instance}.`, 'dns'],
  ['Trojan:EC2/DriveBySourceTraffic!DNS', 8, `Drive-by source domain name queried by ${instance}.`, 'dns'],
  ['Trojan:EC2/DropPoint', 5, `Drop Point traffic observed from ${instance}.`],
  ['Trojan:EC2/DropPoint!DNS', 5, `Drop Point domain name queried by ${instance}.`, 'dns'],
  ['Trojan:EC2/PhishingDomainRequest!DNS', 8, `Phishing domain name queried by ${instance}.`, 'dns'],
  [
    'UnauthorizedAccess:EC2/MaliciousIPCaller.Custom',
    5,
    `${instance} is communicating outbound with a disallowed IP address on a custom threat list.`,
  ],
  ['UnauthorizedAccess:EC2/MetadataDNSRebind', 8, `EC2 metadata DNS rebind domain name queried by ${instance}.`, 'dns'],
  [
    'UnauthorizedAccess:EC2/RDPBruteForce',
    2,
    `198.51.100.0 is performing RDP brute force attacks against i-99999999.`,
    'inbound',
  ],
  [
    'UnauthorizedAccess:EC2/SSHBruteForce',
    2,
    `198.51.100.0 is performing SSH brute force attacks against i-99999999.`,
    'inbound',
  ],
  ['UnauthorizedAccess:EC2/TorClient', 8, `${instance} is communicating with a Tor Entry node.`],
  ['UnauthorizedAccess:EC2/TorIPCaller', 5, `Tor Exit node is communicating with ${instance}.`, 'inbound'],
  ['UnauthorizedAccess:EC2/TorRelay', 8, `${instance} is communicating with a Tor Relay node.`],
];

const scans: readonly Row[] = [
  ['Execution:EC2/MaliciousFile', 8, `${instance} has a malicious file.`],
  ['Execution:EC2/SuspiciousFile', 5, `${instance} has a suspicious file.`],
];

export const ec2 = [
  ...rows(table, { resource: 'Instance', action: 'outbound' }),
  ...rows(scans, { resource: 'Instance', action: 'none', feature: 'EbsVolumeScan' }),
];
