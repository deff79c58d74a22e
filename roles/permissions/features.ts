import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RoleContext } from '../context';
import { administratorStatements } from './administrators';
import { attestationStatements } from './attestation';
import { findingsExportStatements } from './findingsExport';
import { ownedByAttestation, ownedByBot, ownedByLogFiles, ownedByResponders } from './owned';
import { ownedStatements } from './ownedStatements';
import { allow } from './statement';

/** What the operator may do for a feature that is on. */
export interface Feature {
  /** Such as `Attestation`: the policy is called `GarrisonOperatorAttestation`. */
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
}

/**
 * The features that are on, each with a managed policy of its own: inline policies of a role have 10,240 characters
 * together, and what is always on fills them. A managed policy has 6,144. Source: IAM quotas.
 */
export function operatorFeatures(context: RoleContext): Feature[] {
  const findingsExport = findingsExportStatements(context);
  const administrators = administratorStatements(context);
  return [
    ...(administrators.length > 0 ? [{ name: 'Administrators', statements: administrators }] : []),
    ...(findingsExport.length > 0 ? [{ name: 'FindingsExport', statements: findingsExport }] : []),
    ...(context.logFiles
      ? [
          {
            name: 'LogFiles',
            statements: [...ownedStatements(context, ownedByLogFiles), ...logFileTopic(context.logFiles)],
          },
        ]
      : []),
    ...(context.responders
      ? [
          {
            name: 'Responders',
            statements: [...ownedStatements(context, ownedByResponders), ...responders(context)],
          },
        ]
      : []),
    ...(context.attestation
      ? [
          {
            name: 'Attestation',
            statements: [...ownedStatements(context, ownedByAttestation), ...attestationStatements(context)],
          },
        ]
      : []),
    ...(context.bot
      ? [{ name: 'Bot', statements: [...ownedStatements(context, ownedByBot), ...functionUrl(context)] }]
      : []),
  ];
}

/** The function that Slack calls: its URL, who may call it, and how often at a time. */
function functionUrl({ partition, homeRegion, securityAccountId }: RoleContext): PolicyStatement[] {
  const bot = [`arn:${partition}:lambda:${homeRegion}:${securityAccountId}:function:garrison-bot`];
  return [allow('BotUrl', urlActions, bot)];
}

const urlActions = [
  'lambda:CreateFunctionUrlConfig',
  'lambda:GetFunctionUrlConfig',
  'lambda:UpdateFunctionUrlConfig',
  'lambda:DeleteFunctionUrlConfig',
  'lambda:AddPermission',
  'lambda:RemovePermission',
  'lambda:GetPolicy',
  'lambda:PutFunctionConcurrency',
  'lambda:DeleteFunctionConcurrency',
];

/** Subscribing the queue to the topic that announces files; the rest of it the alarms' topic needs as well. */
function logFileTopic({ topicArn }: NonNullable<RoleContext['logFiles']>): PolicyStatement[] {
  return topicArn === undefined ? [] : [allow('LogFilesTopic', ['sns:Subscribe'], [topicArn])];
}

/** `garrison responders`: the record of what was done, and what the function is asked to try or to undo. */
function responders({ partition, homeRegion, securityAccountId }: RoleContext): PolicyStatement[] {
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${homeRegion}:${securityAccountId}:${resource}`;
  return [
    allow('ResponseLog', ['dynamodb:Scan'], [arn('dynamodb', 'table/garrison-responses')]),
    allow('AskResponder', ['lambda:InvokeFunction'], [arn('lambda', 'function:garrison-responder')]),
  ];
}
