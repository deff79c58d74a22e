import { ServiceError } from './errors';
import type { CallContext } from './service';

/**
 * The check that a service makes when it is given a role: may the caller pass it?
 *
 * @param service the service principal that will use the role, such as `lambda.amazonaws.com`
 * @throws ServiceError `AccessDenied`
 */
export function passRole(context: CallContext, roleArn: string, service: string): void {
  if (roleArn.split(':')[4] !== context.accountId) {
    throw new ServiceError('AccessDenied', 'Cross-account pass role is not allowed.', 403);
  }
  context.authorize([{ action: 'iam:PassRole', resources: [roleArn], conditions: { 'iam:PassedToService': service } }]);
}
