import { createHash } from 'node:crypto';
import table from './managedPolicies.json';
import type { ManagedPolicy } from './state';

/** How the table writes a policy: actions in one string, verbs for every service that is known here, or statements. */
interface Known {
  readonly path?: string;
  readonly version?: string;
  readonly description: string;
  readonly allow?: string;
  readonly reads?: string;
  readonly statements?: readonly object[];
}

/** Services whose read actions the widest policies list. Secrets are not for readers. */
const readServices =
  'access-analyzer account acm apigateway athena autoscaling cloudformation cloudfront cloudtrail cloudwatch codebuild codepipeline config detective dynamodb ec2 ecr ecs eks elasticloadbalancing events firehose glue guardduty iam inspector2 kinesis kms lambda logs macie2 organizations ram rds redshift route53 s3 securityhub servicequotas sns sqs ssm states sts tag waf wafv2 xray'.split(
    ' ',
  );

function actionsOf(policy: Known): string[] {
  const verbs = policy.reads?.split(' ') ?? [];
  return policy.allow?.split(' ') ?? readServices.flatMap((service) => verbs.map((verb) => `${service}:${verb}*`));
}

function documentOf(policy: Known): string {
  const actions = actionsOf(policy);
  const Action = actions.length === 1 ? actions[0] : actions;
  const Statement = policy.statements ?? [{ Effect: 'Allow', Action, Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function policyOf(name: string, policy: Known, partition: string): ManagedPolicy {
  const path = policy.path ?? '/';
  const arn = `arn:${partition}:iam::aws:policy${path}${name}`;
  const digest = createHash('sha256')
    .update(arn)
    .digest('hex')
    .toUpperCase()
    .replace(/[0189]/g, 'Z');
  const version = policy.version ?? 'v1';
  const createdAt = new Date('2015-02-06T18:39:46Z');
  return {
    name,
    path,
    arn,
    id: `ANPA${digest.slice(0, 17)}`,
    description: policy.description,
    createdAt,
    updatedAt: createdAt,
    versions: new Map([[version, { id: version, document: documentOf(policy), createdAt }]]),
    defaultVersion: version,
    nextVersion: Number(version.slice(1)) + 1,
    tags: new Map(),
  };
}

/** AWS's own policies that rollouts name, by ARN; of the widest, the read actions go by their verbs. */
export function awsManagedPolicies(partition: string): ReadonlyMap<string, ManagedPolicy> {
  const known = Object.entries(table as Readonly<Record<string, Known>>);
  return new Map(
    known.map(([name, policy]) => policyOf(name, policy, partition)).map((policy) => [policy.arn, policy]),
  );
}
