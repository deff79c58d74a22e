import type {
  GetMemberDetectorsRequest,
  GetRemainingFreeTrialDaysRequest,
  MemberDataSourceConfiguration,
  UnprocessedAccount,
  UpdateMemberDetectorsRequest,
} from '@aws-sdk/client-guardduty';
import type { CallContext, Handler } from '../core/service';
import { unprocessed } from './errors';
import { applyFeatures, describeDataSources, describeMemberFeatures } from './features';
import { accountIds, eachAccount } from './input';
import type { Detector, GuardDutyState } from './state';

/** The detector of the caller itself or of one of its associated members. */
function memberDetector(
  state: GuardDutyState,
  administrator: Detector,
  id: string,
  context: CallContext,
): Detector | undefined {
  const status = administrator.members.get(id)?.status;
  const within = id === context.accountId || status === 'Enabled' || status === 'Disabled';
  return within ? state.at(id, context).detector : undefined;
}

function getMemberDetectors(state: GuardDutyState): Handler {
  return (input: GetMemberDetectorsRequest, context) => {
    const administrator = state.detector(input.DetectorId, context);
    const configurations: MemberDataSourceConfiguration[] = [];
    const { UnprocessedAccounts } = eachAccount(accountIds(input.AccountIds), (id) => {
      const detector = memberDetector(state, administrator, id, context);
      if (!detector) {
        return unprocessed.notAssociated;
      }
      const role = `arn:${state.world.partition}:iam::${id}:role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection`;
      configurations.push({
        AccountId: id,
        DataSources: describeDataSources(detector.features, role),
        Features: describeMemberFeatures(detector.features),
      });
      return undefined;
    });
    return { MemberDataSourceConfigurations: configurations, UnprocessedAccounts };
  };
}

function updateMemberDetectors(state: GuardDutyState): Handler {
  return (input: UpdateMemberDetectorsRequest, context) => {
    const administrator = state.detector(input.DetectorId, context);
    const ids = accountIds(input.AccountIds);
    applyFeatures(new Map(), input, context.region, state.now());
    return eachAccount(ids, (id) => {
      const detector = memberDetector(state, administrator, id, context);
      if (!detector) {
        return unprocessed.notAssociated;
      }
      try {
        applyFeatures(detector.features, input, context.region, state.now());
      } catch {
        // The request was checked before the accounts: what is left is what a policy holds.
        return unprocessed.managedByPolicy;
      }
      detector.updatedAt = state.now();
      return undefined;
    });
  };
}

const trialDays = 30;
const day = 86_400_000;

function freeTrial(state: GuardDutyState): Handler {
  return (input: GetRemainingFreeTrialDaysRequest, context) => {
    const administrator = state.detector(input.DetectorId, context);
    const accounts: unknown[] = [];
    const left: UnprocessedAccount[] = eachAccount(accountIds(input.AccountIds), (id) => {
      const detector = memberDetector(state, administrator, id, context);
      if (!detector) {
        return unprocessed.notAssociated;
      }
      const remaining = (since: Date) =>
        Math.max(0, trialDays - Math.floor((state.now().getTime() - since.getTime()) / day));
      const features = [...detector.features]
        .filter(([, setting]) => setting.status === 'ENABLED')
        .map(([Name, setting]) => ({ Name, FreeTrialDaysRemaining: remaining(setting.updatedAt) }));
      accounts.push({ AccountId: id, Features: features });
      return undefined;
    }).UnprocessedAccounts;
    return { Accounts: accounts, UnprocessedAccounts: left };
  };
}

/** What an administrator account sees and sets in its members' detectors. */
export function memberDetectorOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    GetMemberDetectors: getMemberDetectors(state),
    UpdateMemberDetectors: updateMemberDetectors(state),
    GetRemainingFreeTrialDays: freeTrial(state),
  };
}
