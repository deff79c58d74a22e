import { Aws, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

interface Wildcard {
  readonly resource: RegExp;
  /** Why nothing narrower can stand there. */
  readonly reason: string;
}

/** Every kind of wildcard that a resource in our policies may hold. One that is not here fails the tests. */
const wildcards: readonly Wildcard[] = [
  { resource: /^\*$/, reason: 'The actions of this statement know no resource to hold them to, or are reads.' },
  {
    resource: /:iam::\*:role\//,
    reason:
      'One role name, in whichever account: the accounts of an organization come and go. The role there decides whom it trusts.',
  },
  {
    resource: /:guardduty:\*:.*:detector\/\*$/,
    reason: 'GuardDuty generates the ids of detectors, one for each region.',
  },
  { resource: /:stack\/garrison-\*\/\*$/, reason: "CloudFormation adds a generated id to a stack's name." },
  {
    resource: /:stack\/StackSet-garrison-\*$/,
    reason: "StackSets add a generated id to a stack set's name, in every region.",
  },
  {
    resource: /:stackset(-target)?\/garrison-\*$/,
    reason: "CloudFormation adds a generated id to a stack set's name.",
  },
  {
    resource: /:cloudformation:\*::type\/resource\/\*$/,
    reason:
      "CloudFormation asks for the types in a template besides; what may be created, the execution role's policy says.",
  },
  {
    resource: /:s3:::garrison-findings-.*\/\*$/,
    reason: 'Findings that GuardDuty exported, all of which go when their bucket is to go.',
  },
  {
    resource: /:s3:::(?!garrison-assets-)[^/*]+\/[^*]*\*$/,
    reason:
      "Log files or exported findings, by the beginning of their keys: AWS's keys hold accounts, regions and days.",
  },
  { resource: /:s3:::garrison-assets-.*\/\*$/, reason: 'Keys are hashes of what was synthesized.' },
  {
    resource: /:events:.*:rule\/(garrison\/)?garrison-\*$/,
    reason: 'Rules of ours, by their prefix, in every region.',
  },
  {
    resource: /:event-source-mapping:\*$/,
    reason: 'Lambda generates the ids of mappings, and IAM knows nothing else of them when they are tagged.',
  },
  { resource: /:alarm:garrison-\*$/, reason: 'Alarms of ours, by their prefix.' },
  { resource: /:log-group:.*:\*$/, reason: "The streams of one log group: CloudWatch Logs' ARNs end so." },
  {
    resource: /:ec2:\*:.*:[a-z-]+\/\*$/,
    reason: 'EC2 generates the ids of what a responder may have to close, stop or move, in every region.',
  },
  {
    resource: /:cloudtrail:\*:.*:(trail|eventdatastore)\/\*$/,
    reason: 'Any trail or event data store of the account may be the one that somebody stopped.',
  },
  { resource: /:iam::.*:user\/\*$/, reason: 'Any user of the account may be the one whose key is exposed.' },
  {
    resource: /:s3:::[a-z0-9.*-]+(\/\*)?$/,
    reason: 'The objects of the buckets that `responders.buckets` names, and no others.',
  },
  {
    resource: /:kms:.*:key\/\*$/,
    reason:
      'KMS generates the ids of keys; the condition on the tag, or on the service and parameter, holds it to ours.',
  },
];

/** Gives cdk-nag the reason for each wildcard in the statements of a role or a policy. */
export function giveReasons(holder: IConstruct, statements: readonly PolicyStatement[]): void {
  const resources = new Set(statements.flatMap((statement) => statement.resources));
  for (const resource of resources) {
    const found = wildcards.find((wildcard) => wildcard.resource.test(resource));
    if (found) {
      const written = resource.replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>');
      Validations.of(holder).acknowledge({ id: `AwsSolutions-IAM5[Resource::${written}]`, reason: found.reason });
    }
  }
}
