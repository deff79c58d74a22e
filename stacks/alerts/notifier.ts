import { Construct } from 'constructs';
import { allow, notifierRoleName } from '../../roles';
import { type FunctionFiles, settingsFile } from '../functions/bundle';
import { CentralFunction } from '../functions/centralFunction';
import { stateTable } from '../functions/stateTable';
import { type OrganizationModel, resourceNames } from '../model';
import { type AlertQueue, notifierTimeout } from './alertQueue';
import { notifierCode } from './notifierCode';
import type { NotifierUse } from './notifierSource';
import { secretStatements } from './secretStatements';

/** The function that tells people: alert queue → Slack and other destinations. */
export class Notifier extends Construct {
  constructor(scope: Construct, id: string, model: OrganizationModel, { queue }: { readonly queue: AlertQueue }) {
    super(scope, id);
    // What was announced: deduplication, threads and records. It can be lost without harm.
    const table = stateTable(this, 'Table', resourceNames.alertTable);
    new CentralFunction(this, 'Notifier', model, {
      functionName: resourceNames.notifier,
      description: 'Garrison: findings to Slack',
      code: notifierFiles(model),
      timeout: notifierTimeout,
      memorySize: 256,
      role: {
        name: notifierRoleName,
        description: 'The notifier reads the alert queue, its secrets and the alert table as this role',
        policyName: 'Notifier',
        statements: [
          allow('QueueKey', ['kms:Decrypt'], [queue.key.keyArn]),
          allow('Table', ['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]),
          allow('Heartbeat', ['cloudwatch:PutMetricData'], ['*'], {
            StringEquals: { 'cloudwatch:namespace': 'Garrison' },
          }),
          ...secretStatements(model),
        ],
      },
      // Slack takes about one message a second: more functions would only ask each other to wait.
      source: { queue, batchSize: 10, maxConcurrency: 2 },
    });
  }
}

/** The code as the settings ask for it, with the settings beside it. */
function notifierFiles(model: OrganizationModel): FunctionFiles {
  const settings = { ...model.notifier, tableName: resourceNames.alertTable };
  return { ...notifierCode(settings, notifierUse(model)), ...settingsFile(settings) };
}

function notifierUse({ detections, followUps }: OrganizationModel): NotifierUse {
  return { detections: detections.alerts.length > 0 || detections.logFiles.length > 0, followUps };
}
