import type { Cell, Ec2 } from '../state';
import type { AllowedImages, ImageCriterion } from './model';

type Part = Readonly<Record<string, unknown>>;

function part(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : value === undefined ? [] : [String(value)];
}

function days(value: unknown, name: string): number | undefined {
  const found = part(value)[name];
  return found === undefined ? undefined : Number(found);
}

function criterion(value: unknown): ImageCriterion {
  const given = part(value);
  const deprecated = days(given.deprecation_time_condition, 'maximum_days_since_deprecated');
  const created = days(given.creation_date_condition, 'maximum_days_since_created');
  return {
    ImageProviders: texts(given.allowed_image_providers),
    ImageNames: texts(given.image_names),
    MarketplaceProductCodes: texts(given.marketplace_product_codes),
    DeprecationTimeCondition: deprecated === undefined ? undefined : { MaximumDaysSinceDeprecated: deprecated },
    CreationDateCondition: created === undefined ? undefined : { MaximumDaysSinceCreated: created },
  };
}

/** What the organization's declarative policy says of EC2 in an account; `undefined` when it says nothing. */
function declared(ec2: Ec2, accountId: string): Part | undefined {
  const view = ec2.world.organization.current;
  const policy = view?.effectivePolicy('DECLARATIVE_POLICY_EC2', accountId);
  return policy === undefined ? undefined : part((JSON.parse(policy) as Part).ec2_attributes);
}

const states = ['disabled', 'audit-mode', 'enabled'] as const;

/** Allowed AMIs as they hold in an account and region: the organization's word before the account's own. */
export function allowedImagesOf(ec2: Ec2, cell: Cell): AllowedImages {
  const wanted = declared(ec2, cell.site.accountId)?.allowed_images_settings;
  if (wanted === undefined) {
    return cell.allowedImages;
  }
  const { state, image_criteria } = part(wanted);
  return {
    state: states.find((one) => one === String(state).replace('_', '-')) ?? 'disabled',
    managedBy: 'declarative-policy',
    criteria: Object.values(part(image_criteria)).map(criterion),
  };
}

/** The words that a declarative policy has for those whom it stops. */
export function exceptionMessage(ec2: Ec2, cell: Cell): string {
  const message = declared(ec2, cell.site.accountId)?.exception_message;
  return message === undefined ? '' : String(message);
}
