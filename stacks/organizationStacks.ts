import type { App } from 'aws-cdk-lib';
import { RecordStack } from './attestation/recordStack';
import { FindingsStack } from './findings/findingsStack';
import type { OrganizationModel } from './model';
import { AdministrationStack, ExecutionStack } from './rolesStacks';
import { SecurityStack } from './securityStack';

/**
 * All stacks of an organization: always six, however many accounts and regions it has; with the attestation its
 * record's, and where findings are exported to a bucket of ours, that one's.
 */
export function addOrganization(app: App, model: OrganizationModel): void {
  new AdministrationStack(app, model, 'management');
  new AdministrationStack(app, model, 'security');
  new ExecutionStack(app, model, 'management');
  new ExecutionStack(app, model, 'security');
  new ExecutionStack(app, model, 'member');
  if (model.attestationSettings !== undefined) {
    new RecordStack(app, model);
  }
  if (model.findingsExport?.own) {
    new FindingsStack(app, model);
  }
  new SecurityStack(app, model);
}
