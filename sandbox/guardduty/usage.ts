import {
  DataSource,
  type GetUsageStatisticsRequest,
  UsageFeature,
  type UsageStatistics,
  UsageStatisticType,
} from '@aws-sdk/client-guardduty';
import type { Handler } from '../core/service';
import { invalidInput } from './errors';
import { accountIds, lengthWithin, oneOf, page } from './input';
import type { GuardDutyState } from './state';

/** Nothing costs anything here. */
const free = { Amount: '0', Unit: 'USD' };

function usage(state: GuardDutyState): Handler {
  return (input: GetUsageStatisticsRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const type = oneOf(input.UsageStatisticType, UsageStatisticType);
    if (!type || !input.UsageCriteria) {
      throw invalidInput();
    }
    lengthWithin(input.Unit, 3, 3);
    const { AccountIds, DataSources = [], Features = [] } = input.UsageCriteria;
    const wanted = AccountIds && accountIds(AccountIds);
    DataSources.forEach((source) => {
      oneOf(source, DataSource);
    });
    Features.forEach((feature) => {
      oneOf(feature, UsageFeature);
    });
    const accounts = [context.accountId, ...detector.members.keys()].filter((id) => !wanted || wanted.includes(id));
    const enabled = [...detector.features].filter(([, { status }]) => status === 'ENABLED').map(([name]) => name);
    const features = enabled.filter((name) => Features.length === 0 || Features.includes(name as UsageFeature));
    const found = page(accounts, input);
    return { UsageStatistics: statistics(type, found.items, features), NextToken: found.nextToken };
  };
}

function statistics(
  type: UsageStatisticType,
  accounts: readonly string[],
  features: readonly string[],
): UsageStatistics {
  const byAccount = accounts.map((id) => ({ AccountId: id, Total: free }));
  const plans = features as UsageFeature[];
  switch (type) {
    case 'SUM_BY_ACCOUNT':
      return { SumByAccount: byAccount };
    case 'SUM_BY_FEATURES':
      return { SumByFeature: plans.map((Feature) => ({ Feature, Total: free })) };
    case 'TOP_ACCOUNTS_BY_FEATURE':
      return { TopAccountsByFeature: plans.map((Feature) => ({ Feature, Accounts: byAccount })) };
    case 'SUM_BY_DATA_SOURCE':
      return { SumByDataSource: Object.values(DataSource).map((source) => ({ DataSource: source, Total: free })) };
    case 'SUM_BY_RESOURCE':
      return { SumByResource: [] };
    case 'TOP_RESOURCES':
      return { TopResources: [] };
  }
}

/** What GuardDuty costs: nothing, here. */
export function usageOperations(state: GuardDutyState): Record<string, Handler> {
  return { GetUsageStatistics: usage(state) };
}
