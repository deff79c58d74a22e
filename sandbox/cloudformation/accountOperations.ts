import type { Handler } from '../core/service';

/** DescribeAccountLimits: the default quotas. */
export function accountOperations(): Record<string, Handler> {
  return {
    DescribeAccountLimits: () => ({
      AccountLimits: [
        { Name: 'StackLimit', Value: 2000 },
        { Name: 'StackOutputsLimit', Value: 200 },
        { Name: 'ConcurrentResourcesLimit', Value: 2500 },
      ],
    }),
  };
}
