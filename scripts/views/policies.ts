import pc from 'picocolors';
import type { PolicyChange, PolicyPlan } from '../../guardduty';

/** What is to be done about GuardDuty policies, and what cannot be, for a person. */
export function policyLines(plan: PolicyPlan | undefined): string[] {
  return [
    ...(plan?.changes ?? []).map(changeLine),
    ...(plan?.problems ?? []).flatMap(({ reason, remedy }) => [
      `${pc.red('! cannot ')}  ${reason}`,
      `           ${pc.dim('→')} ${remedy}`,
    ]),
  ];
}

function changeLine(change: PolicyChange): string {
  switch (change.kind) {
    case 'enable-policy-type':
      return `${pc.yellow('~ update ')}  organization: enable GuardDuty policies`;
    case 'create-policy':
      return `${pc.green('+ create ')}  GuardDuty policy ${change.name}`;
    case 'update-policy':
      return `${pc.yellow('~ update ')}  GuardDuty policy ${change.name}`;
    case 'attach-policy':
      return `${pc.green('+ attach ')}  GuardDuty policy ${change.name} to ${change.targetId}`;
    case 'detach-policy':
      return `${pc.red('- detach ')}  GuardDuty policy ${change.name} from ${change.targetId}`;
    case 'delete-policy':
      return `${pc.red('- delete ')}  GuardDuty policy ${change.name}`;
  }
}
