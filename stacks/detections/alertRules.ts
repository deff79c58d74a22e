import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { AlertRule } from '../../detections/rollout';
import { arnOfRole, eventsRoleName } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { addBusRule } from '../functions/busRule';
import { busArn, type OrganizationModel, resourceNames } from '../model';

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
    for (const rule of rules) {
      addBusRule(this, rule, 'alerts', queue);
    }
    if (rules.length > 0) {
      const { partition, homeRegion, securityAccountId } = model;
      const arn = `arn:${partition}:events:${homeRegion}:${securityAccountId}:rule/${resourceNames.bus}/garrison-*`;
      queue.admitRules('DetectionRules', [arn], securityAccountId);
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
