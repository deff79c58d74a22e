import { type Failure, failureOf } from './failures';
import type { Place, Statement } from './responder';
import type { Send } from './send';

/** EC2's own setting Allowed AMIs in one account and region. */
export interface AllowedImages {
  readonly accountId: string;
  readonly region: string;
  /** `disabled`, `audit-mode` or `enabled`. */
  readonly state?: string;
  /** Who set it: `account`, or `declarative-policy`, which no account can change. */
  readonly managedBy?: string;
  readonly failure?: Failure;
}

/** States that can be asked for. */
export const allowedImagesStates = ['disabled', 'audit-mode', 'enabled'] as const;

export type AllowedImagesState = (typeof allowedImagesStates)[number];

/** Reads and sets the setting; part of the policy of `GarrisonResponder`, in a session of its own. */
export const allowedImagesSetting = {
  id: 'allowed-images',
  statements: (): Statement[] => [
    {
      Sid: 'AllowedImages',
      Effect: 'Allow',
      Action: ['Get', 'Enable', 'Disable']
        .map((verb) => `ec2:${verb}AllowedImagesSettings`)
        .concat(['ec2:ReplaceImageCriteriaInAllowedImagesSettings']),
      // EC2 knows no resource for these.
      Resource: ['*'],
    },
  ],
};

/** What the setting is to be, beside its state: owners whose images EC2 lets start. */
export interface AllowedImagesChange {
  readonly state: AllowedImagesState;
  /** Account ids, `amazon`, `aws-marketplace`, `aws-backup-vault`; left as they are unless given. */
  readonly providers?: readonly string[];
}

/** Reads the setting, after it was set where a change is asked for. Failures are answered, not thrown. */
export async function allowedImages(send: Send, place: Place, change?: AllowedImagesChange): Promise<AllowedImages> {
  const { accountId, region } = place;
  const call = (operation: string, input = {}) => send({ service: 'ec2', operation, region, input });
  try {
    if (change?.providers !== undefined) {
      await call('ReplaceImageCriteriaInAllowedImagesSettings', {
        ImageCriteria: [{ ImageProviders: [...change.providers] }],
      });
    }
    if (change !== undefined) {
      await (change.state === 'disabled'
        ? call('DisableAllowedImagesSettings')
        : call('EnableAllowedImagesSettings', { AllowedImagesSettingsState: change.state }));
    }
    const { State, ManagedBy } = (await call('GetAllowedImagesSettings')) as { State?: string; ManagedBy?: string };
    return { accountId, region, state: State, managedBy: ManagedBy };
  } catch (error) {
    return { accountId, region, failure: failureOf(error) };
  }
}
