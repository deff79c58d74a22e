import { entityByArn, type IamState, type Role } from './state';

/**
 * The trust policy as it holds today. A user or role that it named and that is gone, also one made anew under the same
 * name, appears by its unique id: so IAM shows it, and nobody else is trusted in its place.
 */
export function trustPolicyNow(state: IamState, role: Role): string {
  let text = role.trustPolicy;
  for (const [arn, id] of role.trustedIds) {
    if (entityByArn(state, arn)?.entity.id !== id) {
      text = text.replaceAll(JSON.stringify(arn), JSON.stringify(id));
    }
  }
  return text;
}
