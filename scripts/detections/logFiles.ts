import type { Command } from 'commander';
import pc from 'picocolors';
import { type OwnersPart, ownersPart } from '../../detections/rollout';
import { type Config, roleArn } from '../../organization/config';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { loadFiles } from '../rollout/files';

/** Names of what stands in the security account: `stacks/model.ts`, which the command does not load. */
const logFilesName = 'garrison-log-files';

/** `garrison detections log-files`: what the owner of the bucket has to add. */
export function registerLogFiles(command: Command, io: Io): void {
  const sub = command
    .command('log-files')
    .description(
      'What the owner of the trail’s bucket adds to its policy, its notifications and its key, so that detections can look through delivered log files.',
    );
  withCommonOptions(sub).action((options: CommonOptions) => {
    const { config } = loadFiles(options);
    const { logFiles } = config.detections;
    if (logFiles === undefined) {
      throw new GarrisonError(
        'detections.logFiles.off',
        `${options.config} has no detections.logFiles`,
        'Name the bucket there: detections: {logFiles: {bucket: …}}.',
      );
    }
    const part = ownersPart({
      ...logFiles,
      partition: config.partition,
      bucketAccount: logFiles.bucketAccount ?? config.securityAccount,
      securityAccountId: config.securityAccount,
      ...names(config),
    });
    io.stdout.write(options.json ? `${JSON.stringify(part)}\n` : text(part, config));
  });
}

function names({ partition, homeRegion, securityAccount, roles }: Config) {
  return {
    roleArn: roleArn({ partition, accountId: securityAccount, name: logFilesName }, roles),
    queueArn: `arn:${partition}:sqs:${homeRegion}:${securityAccount}:${logFilesName}`,
  };
}

function text(part: OwnersPart, { detections: { logFiles }, securityAccount }: Config): string {
  const { bucket = '', bucketAccount = securityAccount, keyArn } = logFiles ?? {};
  const { bucketPolicyStatement, keyPolicyStatement, queueConfiguration, subscription } = part;
  const step = (title: string, value: unknown) =>
    value === undefined ? [] : [pc.bold(title), JSON.stringify(value, undefined, 2), ''];
  const lines = [
    `In account ${bucketAccount}, each added to what is there. IAM knows the role once \`garrison apply\` has made it.`,
    '',
    ...step(`Bucket ${bucket}: a statement of its policy`, bucketPolicyStatement),
    ...step(`Key ${keyArn}: a statement of its policy`, keyPolicyStatement),
    ...step(
      `Bucket ${bucket}: one of the QueueConfigurations of its notifications (aws s3api get-bucket-notification-configuration; put-… replaces them all)`,
      queueConfiguration,
    ),
    ...step('Topic: a subscription, by its owner (aws sns subscribe)', subscription),
    ...(Object.keys(part).length === 0 ? ['Nothing: the stack garrison-security holds all that is needed.', ''] : []),
  ];
  return lines.join('\n');
}
