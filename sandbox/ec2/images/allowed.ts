import type {
  EnableAllowedImagesSettingsRequest,
  GetAllowedImagesSettingsResult,
  ImageCriterionRequest,
  ReplaceImageCriteriaInAllowedImagesSettingsRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error, missingParameter } from '../errors';
import type { Operations, Place } from '../state';
import type { ImageCriterion } from './model';
import { allowedImagesOf, exceptionMessage } from './settings';

function tooMany(what: string, most: number): Error {
  return ec2Error('InvalidParameterValue', `The number of ${what} exceeds the maximum of ${most}.`);
}

function checkProviders(providers: readonly string[]): void {
  const bad = providers.find((one) => !/^(\d{12}|amazon|aws-marketplace|aws-backup-vault|none)$/.test(one));
  if (bad !== undefined) {
    throw ec2Error('InvalidParameterValue', `Value (${bad}) for parameter ImageProvider is invalid.`);
  }
  if (providers.includes('none') && providers.length > 1) {
    const message = "If 'none' is specified as an image provider, no other providers can be specified.";
    throw ec2Error('InvalidParameterCombination', message);
  }
  if (providers.length > 200) {
    throw tooMany('image providers', 200);
  }
}

/** At most ten criteria; of providers 200, of names 50, of product codes 50 (EC2 API Reference). */
function readCriteria(given: readonly ImageCriterionRequest[]): ImageCriterion[] {
  if (given.length > 10) {
    throw tooMany('image criteria', 10);
  }
  return given.map((criterion) => {
    const { ImageProviders = [], ImageNames = [], MarketplaceProductCodes = [] } = criterion;
    checkProviders(ImageProviders);
    if (ImageNames.length > 50 || MarketplaceProductCodes.length > 50) {
      throw tooMany(ImageNames.length > 50 ? 'image names' : 'Marketplace product codes', 50);
    }
    return {
      ImageProviders,
      ImageNames,
      MarketplaceProductCodes,
      DeprecationTimeCondition: criterion.DeprecationTimeCondition,
      CreationDateCondition: criterion.CreationDateCondition,
    };
  });
}

/** A declarative policy of the organization takes the settings out of the account's hands. */
function checkOwner({ cell, ec2 }: Place): void {
  if (allowedImagesOf(ec2, cell).managedBy === 'declarative-policy') {
    const custom = exceptionMessage(ec2, cell);
    const message = `This functionality has been disabled by a Declarative Policy. Custom Message: ${custom}`;
    throw ec2Error('DeclarativePolicyViolation', message, 403);
  }
}

function settings({ cell, ec2 }: Place): GetAllowedImagesSettingsResult {
  const { state, criteria, managedBy } = allowedImagesOf(ec2, cell);
  const ImageCriteria = criteria.map((criterion) => ({
    ...criterion,
    ImageProviders: [...(criterion.ImageProviders ?? [])],
    ImageNames: [...(criterion.ImageNames ?? [])],
    MarketplaceProductCodes: [...(criterion.MarketplaceProductCodes ?? [])],
  }));
  return { State: state, ImageCriteria, ManagedBy: managedBy };
}

/** Allowed AMIs: which images of others an account may find and launch. */
export const allowedImageOperations: Operations = {
  GetAllowedImagesSettings: (_input: unknown, place) => settings(place),
  EnableAllowedImagesSettings: (input: EnableAllowedImagesSettingsRequest, place) => {
    const { AllowedImagesSettingsState: state } = input;
    if (state === undefined) {
      throw missingParameter('AllowedImagesSettingsState');
    }
    if (state !== 'enabled' && state !== 'audit-mode') {
      throw ec2Error('InvalidParameterValue', `Value (${state}) for parameter AllowedImagesSettingsState is invalid.`);
    }
    checkOwner(place);
    place.cell.allowedImages.state = state;
    return { AllowedImagesSettingsState: state };
  },
  DisableAllowedImagesSettings: (_input: unknown, place) => {
    checkOwner(place);
    place.cell.allowedImages.state = 'disabled';
    return { AllowedImagesSettingsState: 'disabled' };
  },
  ReplaceImageCriteriaInAllowedImagesSettings: (input: ReplaceImageCriteriaInAllowedImagesSettingsRequest, place) => {
    checkOwner(place);
    place.cell.allowedImages.criteria = readCriteria(input.ImageCriteria ?? []);
    return { ReturnValue: true };
  },
};
