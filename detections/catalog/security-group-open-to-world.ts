import { all, any, type Condition, calls, element, is, isNot } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, documented, example } from '../examples';

const group = 'requestParameters';
const modified = 'requestParameters.ModifySecurityGroupRulesRequest.SecurityGroupRule';

/** The whole world, and its halves: two rules with halves are as open as one with the whole. */
const world4 = ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'];
const world6 = ['::/0', '::/1', '8000::/1'];

/** Stands for the allowed ports where there are none: rules have ports from -1. */
const noPort = -2;

/** The ports of a rule are not one single allowed port. */
function exposed(ports: readonly number[], [protocol, from, to]: readonly [string, string, string]): Condition {
  const allowed = ports.length > 0 ? ports : [noPort];
  return any(
    is(protocol, '-1'),
    isNot(from, ...allowed),
    isNot(to, ...allowed),
    ...ports.map((port) => all(is(from, port), isNot(to, port))),
  );
}

const lower = ['ipProtocol', 'fromPort', 'toPort'] as const;
const under = (path: string) => (name: string) => `${path}.${name}`;
const inRequest = (name: string) => under(group)(name);

function modifiedRule(ports: readonly number[], prefix: string): Condition {
  return all(
    exposed(ports, [`${prefix}IpProtocol`, `${prefix}FromPort`, `${prefix}ToPort`]),
    any(is(`${prefix}CidrIpv4`, ...world4), is(`${prefix}CidrIpv6`, ...world6)),
  );
}

const ingress = (permission: Record<string, unknown>) =>
  apiCall('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
    requestParameters: { groupId: 'sg-0123456789abcdef0', ipPermissions: { items: [permission] } },
  });

export const securityGroupOpenToWorld = defineDetection({
  id: 'security-group-open-to-world',
  title: 'A security group was opened to the world',
  severity: 'high',
  meaning: 'Everybody on the internet may now reach a port that is not meant for everybody.',
  runbook: [
    'Revoke the rule: `aws ec2 revoke-security-group-ingress`.',
    'See what listens there, and in its logs who came meanwhile.',
  ],
  references: { cis: ['1.2:4.1', '1.2:4.2', '5.0:5.3', '5.0:5.4'], attack: ['T1562.007'] },
  parameters: {
    allowedPorts: { meaning: 'ports that may be open to everybody', default: [80, 443] as readonly number[] },
  },
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: ({ allowedPorts }) =>
    all(
      calls('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules'),
      any(
        // What the console and most tools send.
        element(
          `${group}.ipPermissions.items`,
          all(
            exposed(allowedPorts, lower),
            any(is('ipRanges.items.cidrIp', ...world4), is('ipv6Ranges.items.cidrIpv6', ...world6)),
          ),
        ),
        // The command line's short form.
        all(
          exposed(allowedPorts, [inRequest('ipProtocol'), inRequest('fromPort'), inRequest('toPort')]),
          any(is(inRequest('cidrIp'), ...world4), is(inRequest('cidrIpv6'), ...world6)),
        ),
        // A rule that is there already is widened: the rule by itself, or in an object of the same name.
        element(modified, modifiedRule(allowedPorts, '')),
        element(modified, modifiedRule(allowedPorts, 'SecurityGroupRule.')),
      ),
    ),
  nearest: () => calls('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules'),
  fields: [
    'requestParameters.groupId',
    'requestParameters.ipPermissions.items.ipProtocol',
    'requestParameters.ipPermissions.items.fromPort',
    'requestParameters.ipPermissions.items.toPort',
    'requestParameters.ipPermissions.items.ipRanges.items.cidrIp',
    'requestParameters.fromPort',
    'requestParameters.toPort',
    'requestParameters.cidrIp',
  ],
  deduplicationKey: ['recipientAccountId', 'awsRegion', 'requestParameters.groupId'],
  firing: [
    example(
      'SSH for everybody',
      ingress({ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }),
    ),
    example('Everything, over IPv6', ingress({ ipProtocol: '-1', ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] } })),
    example(
      'A range that begins and ends at allowed ports',
      ingress({ ipProtocol: 'tcp', fromPort: 80, toPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }),
    ),
    example(
      'Half of the world',
      ingress({ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '128.0.0.0/1' }] } }),
    ),
    example(
      'The short form',
      apiCall('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
        requestParameters: {
          groupId: 'sg-0123456789abcdef0',
          ipPermissions: {},
          cidrIp: '0.0.0.0/0',
          fromPort: 22,
          toPort: 22,
          ipProtocol: 'tcp',
        },
      }),
    ),
    example(
      'A rule is widened',
      apiCall('ec2.amazonaws.com', 'ModifySecurityGroupRules', {
        requestParameters: {
          ModifySecurityGroupRulesRequest: {
            GroupId: 'sg-0123456789abcdef0',
            SecurityGroupRule: {
              SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389, CidrIpv4: '0.0.0.0/0' },
              SecurityGroupRuleId: 'sgr-0123456789abcdef0',
              tag: 1,
            },
          },
        },
      }),
      documented,
    ),
  ],
  quiet: [
    example(
      'HTTPS for everybody',
      ingress({ ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }),
    ),
    example(
      'SSH for the office',
      ingress({ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '198.51.100.0/24' }] } }),
    ),
    example(
      'HTTPS for everybody and SSH for the office in one call',
      apiCall('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
        requestParameters: {
          groupId: 'sg-0123456789abcdef0',
          ipPermissions: {
            items: [
              { ipProtocol: 'tcp', fromPort: 443, toPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
              { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } },
            ],
          },
        },
      }),
    ),
  ],
});
