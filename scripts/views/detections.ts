import pc from 'picocolors';
import type { DetectionRules } from '../../detections/rollout';
import type { Config } from '../../organization/config';
import type { Picture } from '../rollout/picture';

/** Detections that were asked for and have no rules, and why. */
export function leftOutLines({ leftOut }: Pick<DetectionRules, 'leftOut'>): string[] {
  return leftOut.map(({ id, reason }) => `${pc.cyan('i note   ')}  detection ${id} is left out: ${reason}`);
}

/** The owner of the bucket has a part in it: said when the route is new. */
export function logFileLines({ stack }: Pick<Picture, 'stack'>, { detections: { logFiles } }: Config): string[] {
  const isNew = stack.resources.some(
    ({ logicalId, change }) => change === 'add' && logicalId.startsWith('LogFilesAnnouncements'),
  );
  return logFiles !== undefined && isNew
    ? [
        `${pc.cyan('i note   ')}  log files: the owner of the bucket ${logFiles.bucket} adds what \`garrison detections log-files\` prints`,
      ]
    : [];
}

/** Rights that `apply` will miss. */
export function bootstrapLines(stacks: readonly string[]): string[] {
  return stacks.length === 0
    ? []
    : [
        `${pc.yellow('! first   ')} garrison bootstrap, with credentials of the management account: the roles (${stacks.join(', ')}) are not those that garrison.yaml asks for now, so that apply may be refused what they lack`,
      ];
}
