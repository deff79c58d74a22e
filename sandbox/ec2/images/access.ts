import { ec2Error } from '../errors';
import type { Cell, Ec2 } from '../state';
import { publicImages } from './catalog';
import { isAllowed } from './criteria';
import { type Image, isPublic } from './model';
import { allowedImagesOf } from './settings';

/** Whether a permission of the image names the account, its unit or its organization. */
export function isSharedWith(ec2: Ec2, image: Image, accountId: string): boolean {
  if (image.permissions.some(({ UserId }) => UserId === accountId)) {
    return true;
  }
  const view = ec2.world.organization.current;
  if (!view?.has(accountId)) {
    return false;
  }
  const path = (view.path(accountId) ?? '').split('/');
  const last = (arn = '') => arn.slice(arn.lastIndexOf('/') + 1);
  return image.permissions.some(
    ({ OrganizationArn, OrganizationalUnitArn }) =>
      (OrganizationArn && last(OrganizationArn) === view.id) ||
      (OrganizationalUnitArn && path.includes(last(OrganizationalUnitArn))),
  );
}

/** Whether an account may launch an image: its own, public, or shared with it. */
function mayLaunch(ec2: Ec2, image: Image, accountId: string): boolean {
  return image.ownerId === accountId || isPublic(image) || isSharedWith(ec2, image, accountId);
}

/** Every image that the account may know of, apart from what Allowed AMIs hides. */
export function accessibleImages(ec2: Ec2, cell: Cell): Image[] {
  const { accountId, region } = cell.site;
  const others = ec2.ofRegion(region).filter((other) => other.site.accountId !== accountId);
  const shared = others
    .flatMap((other) => [...other.images.values()])
    .filter((image) => mayLaunch(ec2, image, accountId));
  return [...cell.images.values(), ...shared, ...publicImages(region).values()].filter(
    (image) => image.state !== 'deregistered',
  );
}

/** Whether Allowed AMIs keeps an account from an image: never from its own. */
export function isHidden(ec2: Ec2, cell: Cell, image: Image): boolean {
  const settings = allowedImagesOf(ec2, cell);
  return settings.state === 'enabled' && !isAllowed(image, settings, cell.site.accountId, ec2.world.now());
}

/** The image wherever it is, whoever may see it. */
export function anyImage(ec2: Ec2, cell: Cell, id: string): Image | undefined {
  const { region } = cell.site;
  const found = cell.images.get(id) ?? publicImages(region).get(id);
  const elsewhere = () => ec2.ofRegion(region).find((other) => other.images.has(id));
  return found ?? elsewhere()?.images.get(id);
}

export function checkImageId(id: string): void {
  if (!/^ami-[0-9a-f]{8}([0-9a-f]{9})?$/.test(id)) {
    throw ec2Error('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
  }
}

/**
 * The image to launch from.
 *
 * @throws ServiceError `InvalidAMIID.Malformed`, `InvalidAMIID.NotFound`, `InvalidAMIID.Unavailable`, `AuthFailure`
 *   when it is not the account's to launch or not among the allowed
 */
export function imageToLaunch(ec2: Ec2, cell: Cell, id: string): Image {
  checkImageId(id);
  const image = anyImage(ec2, cell, id);
  if (!image) {
    throw ec2Error('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  }
  if (!mayLaunch(ec2, image, cell.site.accountId) || isHidden(ec2, cell, image)) {
    throw ec2Error('AuthFailure', `Not authorized for images: [${id}]`, 403);
  }
  if (image.state !== 'available') {
    throw ec2Error('InvalidAMIID.Unavailable', `The image id '[${id}]' is no longer available`);
  }
  return image;
}

/** An image of the account itself. @throws ServiceError `InvalidAMIID.NotFound`, `InvalidAMIID.Unavailable`, `AuthFailure` */
export function ownImage(ec2: Ec2, cell: Cell, id: string): Image {
  const own = cell.images.get(id);
  if (own?.state === 'deregistered') {
    throw ec2Error('InvalidAMIID.Unavailable', `The image id '[${id}]' is no longer available`);
  }
  if (own) {
    return own;
  }
  const other = anyImage(ec2, cell, id);
  if (other && mayLaunch(ec2, other, cell.site.accountId)) {
    throw ec2Error('AuthFailure', `Not authorized for image:${id}`, 403);
  }
  throw ec2Error('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
}
