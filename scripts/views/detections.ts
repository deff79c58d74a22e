import pc from 'picocolors';
import type { DetectionRules } from '../../detections/rollout';

/** Detections that were asked for and have no rules, and why. */
export function leftOutLines({ leftOut }: Pick<DetectionRules, 'leftOut'>): string[] {
  return leftOut.map(({ id, reason }) => `${pc.cyan('i note   ')}  detection ${id} is left out: ${reason}`);
}

/** Rights that `apply` will miss. */
export function bootstrapLines(stacks: readonly string[]): string[] {
  return stacks.length === 0
    ? []
    : [
        `${pc.yellow('! first   ')} garrison bootstrap, with credentials of the management account: the roles (${stacks.join(', ')}) are not those that garrison.yaml asks for now, so that apply may be refused what they lack`,
      ];
}
