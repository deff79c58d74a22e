import type { AllowedImages, Image, ImageCriterion } from './model';

const day = 86_400_000;

function nameTest(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`);
}

/** `none` is nobody: own images alone are allowed then. */
function providedBy(image: Image, providers: readonly string[]): boolean {
  return providers.some((one) => one === image.ownerId || one === image.ownerAlias);
}

function meets(image: Image, criterion: ImageCriterion, now: Date): boolean {
  const { ImageProviders, ImageNames, MarketplaceProductCodes } = criterion;
  const days = (since: Date) => (now.getTime() - since.getTime()) / day;
  const sinceDeprecated = criterion.DeprecationTimeCondition?.MaximumDaysSinceDeprecated;
  const sinceCreated = criterion.CreationDateCondition?.MaximumDaysSinceCreated;
  const { deprecatesAt } = image;
  return (
    (!ImageProviders?.length || providedBy(image, ImageProviders)) &&
    (!ImageNames?.length || ImageNames.some((pattern) => nameTest(pattern).test(image.name))) &&
    !MarketplaceProductCodes?.length &&
    (sinceDeprecated === undefined || deprecatesAt === undefined || days(deprecatesAt) <= sinceDeprecated) &&
    (sinceCreated === undefined || days(image.createdAt) <= sinceCreated)
  );
}

/** Whether Allowed AMIs allows an image, now or once it is enabled: an account's own always. */
export function isAllowed(image: Image, { criteria }: AllowedImages, accountId: string, now: Date): boolean {
  const own = image.ownerId === accountId;
  return own || criteria.length === 0 || criteria.some((criterion) => meets(image, criterion, now));
}
