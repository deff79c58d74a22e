import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'StopConfigurationRecorder',
  'DeleteDeliveryChannel',
  'PutDeliveryChannel',
  'PutConfigurationRecorder',
] as const;

export const configStopped = defineDetection({
  id: 'config-stopped',
  title: 'AWS Config was stopped or changed',
  severity: 'high',
  meaning: 'AWS Config no longer records how resources change, or writes its history elsewhere.',
  runbook: [
    'Start the recorder again, and compare the delivery channel with your infrastructure code.',
    'Read what the caller did since: those changes may be missing from the history.',
  ],
  references: { cis: cisMonitoring(9), securityHub: ['CloudWatch.9'], attack: ['T1562.008'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('config.amazonaws.com', ...names, 'DeleteConfigurationRecorder'),
  exact: [{ control: 'CloudWatch.9', pattern: `{($.eventSource=config.amazonaws.com) && (${eventNames(names)})}` }],
  fields: ['requestParameters.configurationRecorderName', 'requestParameters.deliveryChannelName'],
  deduplicationKey: ['recipientAccountId', 'awsRegion', 'eventName'],
  firing: [
    example(
      'The recorder stops',
      apiCall('config.amazonaws.com', 'StopConfigurationRecorder', {
        requestParameters: { configurationRecorderName: 'default' },
      }),
    ),
    example('The recorder is deleted', apiCall('config.amazonaws.com', 'DeleteConfigurationRecorder')),
  ],
  quiet: [
    example('The recorder starts', apiCall('config.amazonaws.com', 'StartConfigurationRecorder')),
    example('It was refused', apiCall('config.amazonaws.com', 'StopConfigurationRecorder', denied)),
  ],
});
