import { CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AlertRule } from '../../detections/rollout';
import { arnOfRole, eventsRoleName } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { busArn, type OrganizationModel, resourceNames } from '../model';
import { logicalId } from './detectionRuleTemplate';

const aDay = 24 * 60 * 60;

/** The rules of the bus that tell which detection fired, and who may put events on the bus for them. */
export class AlertRules extends Construct {
  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    { rules, queue }: { readonly rules: readonly AlertRule[]; readonly queue: AlertQueue },
  ) {
    super(scope, id);
    admitOrganization(this, model);
    for (const { name, description, state, eventPattern, inputTransformer } of rules) {
      new CfnRule(this, logicalId(name), {
        name,
        description,
        eventBusName: resourceNames.bus,
        eventPattern,
        state,
        targets: [
          {
            id: 'alerts',
            arn: queue.alerts.queueArn,
            inputTransformer: { ...inputTransformer, inputPathsMap: { ...inputTransformer.inputPathsMap } },
            deadLetterConfig: { arn: queue.deadLetters.queueArn },
            retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
          },
        ],
      });
    }
    if (rules.length > 0) {
      admitRules(queue, model);
    }
  }
}

/**
 * The role that carries events, in any account of the organization that `garrison.yaml` names; else in the accounts of
 * `accounts.csv`.
 */
function admitOrganization(scope: Construct, model: OrganizationModel): void {
  const { organizationId, accountIds } = model;
  const members = organizationId
    ? { 'aws:PrincipalOrgID': organizationId }
    : { 'aws:PrincipalAccount': [...accountIds].sort() };
  new CfnEventBusPolicy(scope, 'BusPolicy', {
    eventBusName: resourceNames.bus,
    statementId: 'DetectionsFromOrganization',
    statement: {
      Sid: 'DetectionsFromOrganization',
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: busArn(model),
      Condition: {
        StringEquals: members,
        ArnLike: { 'aws:PrincipalArn': arnOfRole(model, '*', eventsRoleName) },
      },
    },
  });
}

function admitRules({ alerts, deadLetters }: AlertQueue, model: OrganizationModel): void {
  const { partition, homeRegion, securityAccountId } = model;
  const rules = `arn:${partition}:events:${homeRegion}:${securityAccountId}:rule/${resourceNames.bus}/garrison-*`;
  for (const queue of [alerts, deadLetters]) {
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DetectionRules',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': securityAccountId },
          ArnLike: { 'aws:SourceArn': rules },
        },
      }),
    );
  }
}
