import { CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { wantedRules } from '../organization/config/detectionPatterns';
import { addEventsRole } from '../roles';
import { Alarms } from './alerts/alarms';
import { AlertQueue } from './alerts/alertQueue';
import { FindingsBus } from './alerts/findingsBus';
import { Notifier } from './alerts/notifier';
import { Attestation } from './attestation/attestation';
import { Bot } from './attestation/bot';
import { AlertRules } from './detections/alertRules';
import { LogFiles } from './logFile/logFiles';
import { assetsBucketName, busArn, type OrganizationModel } from './model';
import { Responder } from './responders/responder';
import { addStackSets } from './stackSets';

/** The security account's home region: where findings arrive, who is told, and the stack sets for everywhere else. */
export class SecurityStack extends Stack {
  constructor(scope: Construct, model: OrganizationModel) {
    super(scope, 'garrison-security', {
      stackName: 'garrison-security',
      description: 'Garrison: bus, alert queue, notifier and stack sets of the security account',
      env: { account: model.securityAccountId, region: model.homeRegion },
      // The caller's own credentials and a bucket of ours: the CDK's bootstrap is not needed.
      synthesizer: new CliCredentialsStackSynthesizer({
        fileAssetsBucketName: assetsBucketName(model.securityAccountId, model.homeRegion),
      }),
    });
    const eventsRole = addEventsRole(this, 'EventsRole', model, {
      accountId: model.securityAccountId,
      busArn: busArn(model),
    });
    const queue = new AlertQueue(this, 'AlertQueue', model);
    const bus = new FindingsBus(this, 'FindingsBus', model, { sender: eventsRole, queue });
    if (model.detections.forwarding.length > 0) {
      const { rules } = wantedRules(model.detections.alerts, model.notifier);
      new AlertRules(this, 'AlertRules', model, { rules, queue }).node.addDependency(bus);
    }
    new Notifier(this, 'Notifier', model, { queue });
    const settings = model.attestationSettings;
    const attestation = settings && new Attestation(this, 'Attestation', model, { alerts: queue, settings });
    attestation?.node.addDependency(bus);
    const bot = model.botModel && new Bot(this, 'Bot', model, { alerts: queue, bot: model.botModel });
    const { responding } = model;
    const responder = responding && new Responder(this, 'Responder', model, { responding, alerts: queue });
    responder?.node.addDependency(bus);
    const { logFileSource: source, detections } = model;
    const logFiles =
      source && new LogFiles(this, 'LogFiles', model, { source, detections: detections.logFiles, alerts: queue });
    const alarms = [
      attestation?.queue.deadLetterAlarm,
      bot?.queue?.deadLetterAlarm,
      responder?.deadLetterAlarm,
      logFiles?.deadLetterAlarm,
    ];
    new Alarms(
      this,
      'Alarms',
      model,
      queue,
      alarms.filter((alarm) => alarm !== undefined),
    );
    addStackSets(this, model);
  }
}
