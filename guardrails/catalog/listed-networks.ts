import { outsideTest, parseNetwork } from '../../detections/networks';
import { defineGuardrail, everybodyBut, type ParameterProblem } from '../guardrail';
import { denyAllBut } from '../statement';

/**
 * Data planes that are called over the customer's own network, whose addresses are no public ones and whose requests
 * have no `aws:SourceVpc`. Source: aws-samples/data-perimeter-policy-examples, network perimeter.
 */
const withoutNetwork = [
  'dax:*',
  'elasticfilesystem:Client*',
  'es:ESHttp*',
  'kafka-cluster:*',
  'neptune-db:*',
  'rds-db:connect',
];

export const listedNetworks = defineGuardrail<'networks' | 'vpcs' | 'vpcEndpoints' | 'principals'>({
  id: 'listed-networks',
  title: 'People act from listed networks only',
  prevents:
    'Credentials of people are of no use outside the listed addresses, VPCs and VPC endpoints, whoever has got hold of them.',
  makesUnnecessary: { detections: ['sign-in-outside-networks'], responders: [] },
  parameters: {
    networks: {
      meaning: 'public address ranges, as CIDR blocks',
      default: [],
      pattern: /^[0-9a-fA-F.:]+\/\d{1,3}$/,
      wanted: 'a CIDR block, such as 198.51.100.0/24',
    },
    vpcs: {
      meaning: 'VPCs, reached by VPC endpoints',
      default: [],
      pattern: /^vpc-[0-9a-f]{8,17}$/,
      wanted: 'the id of a VPC',
    },
    vpcEndpoints: {
      meaning: 'VPC endpoints',
      default: [],
      pattern: /^vpce-[0-9a-f]{8,17}$/,
      wanted: 'the id of a VPC endpoint',
    },
    principals: {
      meaning:
        'whom it holds: by default users and the roles of IAM Identity Center, as roles of services act from anywhere',
      default: ['arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*', 'arn:aws:iam::*:user/*'],
      pattern: /^arn:aws[a-z-]*:iam::(\d{12}|\*):(role|user)\/.+$/,
      wanted: 'the ARN of roles or users',
    },
  },
  needs: ['networks', 'vpcs', 'vpcEndpoints'],
  check: ({ networks }) => networks.flatMap(networkProblem),
  statements: ({ networks, vpcs, vpcEndpoints, principals }, context) => [
    // All conditions have to hold before anything is denied: not from a listed address, nor VPC, nor endpoint, …
    denyAllBut('ListedNetworks', withoutNetwork, {
      ...everybodyBut(context),
      ArnLike: { 'aws:PrincipalArn': principals.map((arn) => arn.replace(/^arn:aws:/, `arn:${context.partition}:`)) },
      ...(networks.length > 0 ? { NotIpAddressIfExists: { 'aws:SourceIp': networks } } : {}),
      ...(vpcs.length + vpcEndpoints.length > 0
        ? {
            StringNotEqualsIfExists: {
              ...(vpcs.length > 0 ? { 'aws:SourceVpc': vpcs } : {}),
              ...(vpcEndpoints.length > 0 ? { 'aws:SourceVpce': vpcEndpoints } : {}),
            },
          }
        : {}),
      // … and not by a service that goes on with the person's credentials, such as CloudFormation or Athena.
      BoolIfExists: { 'aws:PrincipalIsAWSService': ['false'], 'aws:ViaAWSService': ['false'] },
    }),
  ],
  exceptions: [
    'Services that go on with a person’s credentials (aws:ViaAWSService), services themselves (aws:PrincipalIsAWSService) and service-linked roles come from AWS’s own networks.',
    'Roles of functions, instances and pipelines are not held unless principals names them: what runs outside a VPC has AWS’s addresses.',
    'Data planes inside a VPC (DAX, EFS, OpenSearch, MSK, Neptune, RDS) carry no public address.',
  ],
  gaps: [
    'Signing in is not an action of IAM and cannot be denied: the first call after it is.',
    'EC2’s and S3’s presigned addresses are judged by where they are used.',
  ],
});

/** Over a VPC endpoint there is no `aws:SourceIp`: a private range would let nobody in, and the whole world keeps nobody out. */
function networkProblem(text: string): ParameterProblem[] {
  const problem = (message: string, remedy: string) => [
    { parameter: 'networks', message: `${text} ${message}`, remedy },
  ];
  try {
    parseNetwork(text);
  } catch {
    return problem('is no network', 'Give CIDR blocks, such as 198.51.100.0/24.');
  }
  if (text.endsWith('/0')) {
    return problem('is the whole world', 'Leave listed-networks off, or give the networks that you mean.');
  }
  return isPrivate(text) ? problem('is private', 'List the VPC (vpcs) or its endpoints (vpcEndpoints) instead.') : [];
}

const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

function isPrivate(text: string): boolean {
  return !outsideTest(privateNetworks)(text.split('/')[0] as string);
}
