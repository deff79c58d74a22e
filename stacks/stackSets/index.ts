import type { Stack } from 'aws-cdk-lib';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { regionsOf } from '../../detections/rollout';
import { regionsOfOwn } from '../../organization/ownStackSets';
import { globalRegionOf } from '../../organization/partitions';
import { administrationRoleArn } from '../../roles';
import { DetectionRuleTemplate } from '../detections/detectionRuleTemplate';
import { type OrganizationModel, stackSetNames } from '../model';
import { ResponderRoleTemplate } from '../responders/responderRoleTemplate';
import { DetectorTemplate } from './detectorTemplate';
import { EventRuleTemplate } from './eventRuleTemplate';
import { MemberRoleTemplate } from './memberRoleTemplate';
import { OwnTemplate } from './ownTemplate';
import { ReconciledStackSet } from './reconciledStackSet';

/** The stack sets of the security account, run with its own administration role. */
export function addStackSets(stack: Stack, model: OrganizationModel): void {
  const administration = administrationRole(stack, model);
  const others = model.accountIds.filter((id) => id !== model.securityAccountId);
  new ReconciledStackSet(stack, 'MemberRoles', model, {
    name: stackSetNames.memberRoles,
    description: 'Garrison: the role through which detectors are read and invitations accepted',
    administration,
    template: new MemberRoleTemplate(stack, 'MemberRoleTemplate', model),
    accountIds: others,
    regions: [model.homeRegion],
    namedRoles: true,
  });
  new ReconciledStackSet(stack, 'Detectors', model, {
    name: stackSetNames.detectors,
    description: 'Garrison: a GuardDuty detector in every account and region',
    administration,
    template: new DetectorTemplate(stack, 'DetectorTemplate'),
    accountIds: model.accountIds,
    regions: model.regions,
  });
  new ReconciledStackSet(stack, 'EventRules', model, {
    name: stackSetNames.eventRules,
    description: 'Garrison: rules that carry findings to the bus in the home region',
    administration,
    template: new EventRuleTemplate(stack, 'EventRuleTemplate', model),
    accountIds: [model.securityAccountId],
    regions: model.regions,
  });
  addDetectionRules(stack, model, administration);
  addResponderRoles(stack, model, administration);
  addOwnStackSets(stack, model, administration);
}

function addDetectionRules(stack: Stack, model: OrganizationModel, administration: IRole): void {
  const { forwarding } = model.detections;
  if (forwarding.length > 0) {
    new ReconciledStackSet(stack, 'DetectionRules', model, {
      name: stackSetNames.detectionRules,
      description: 'Garrison: rules that carry events for the detections to the bus in the home region',
      administration,
      template: new DetectionRuleTemplate(stack, 'DetectionRuleTemplate', model, forwarding),
      accountIds: model.accountIds,
      regions: regionsOf(forwarding, model.regions, globalRegionOf(model.partition)),
    });
  }
}

function addResponderRoles(stack: Stack, model: OrganizationModel, administration: IRole): void {
  if (model.responding) {
    new ReconciledStackSet(stack, 'ResponderRoles', model, {
      name: stackSetNames.responderRoles,
      description: 'Garrison: the role that responders act as',
      administration,
      template: new ResponderRoleTemplate(stack, 'ResponderRoleTemplate', model, model.responding),
      accountIds: model.accountIds,
      regions: [model.homeRegion],
      namedRoles: true,
    });
  }
}

function addOwnStackSets(stack: Stack, model: OrganizationModel, administration: IRole): void {
  for (const own of model.ownStackSets) {
    new ReconciledStackSet(stack, `Own-${own.name}`, model, {
      name: own.name,
      description: own.description,
      administration,
      template: new OwnTemplate(stack, `OwnTemplate-${own.name}`, own),
      parameters: own.parameters,
      accountIds: own.accountIds,
      regions: regionsOfOwn(own, { homeRegion: model.homeRegion, guarded: model.regions }),
      // Which roles a template creates, and with which names, is its author's business: the execution role decides.
      namedRoles: true,
    });
  }
}

/** By its ARN and immutable: cdk-stacksets would add a statement to it that knows one partition only. */
function administrationRole(stack: Stack, model: OrganizationModel): IRole {
  return Role.fromRoleArn(stack, 'AdministrationRole', administrationRoleArn(model, 'security'), { mutable: false });
}
