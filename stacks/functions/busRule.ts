import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { AlertRule } from '../../detections/rollout';
import { logicalId } from '../detections/detectionRuleTemplate';
import { resourceNames } from '../model';
import type { WorkQueue } from './workQueue';

const aDay = 24 * 60 * 60;

/** A rule of the bus, and how the event is handed on: as it is, unless there is an input transformer. */
export type BusRule = Pick<AlertRule, 'name' | 'description' | 'state' | 'eventPattern'> &
  Partial<Pick<AlertRule, 'inputTransformer'>>;

/** A rule of the bus that fills a queue; for a day it tries, then the dead-letter queue has the event. */
export function addBusRule(scope: Construct, rule: BusRule, targetId: string, queue: WorkQueue): CfnRule {
  const { name, description, state, eventPattern, inputTransformer } = rule;
  return new CfnRule(scope, logicalId(name), {
    name,
    description,
    eventBusName: resourceNames.bus,
    eventPattern,
    state,
    targets: [
      {
        id: targetId,
        arn: queue.queue.queueArn,
        ...(inputTransformer && {
          inputTransformer: { ...inputTransformer, inputPathsMap: { ...inputTransformer.inputPathsMap } },
        }),
        deadLetterConfig: { arn: queue.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: aDay, maximumRetryAttempts: 185 },
      },
    ],
  });
}
