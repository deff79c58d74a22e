import * as schemas from '@aws-sdk/client-sts';
import type { ServiceFactory } from '../core/service';

/** AWS Security Token Service. */
export const createSts: ServiceFactory = () => ({
  signingNames: ['sts'],
  schemas,
  operations: {
    GetCallerIdentity: (_input, { caller }) => ({ Account: caller.accountId, Arn: caller.arn, UserId: caller.userId }),
  },
  authorize: () => [],
});
