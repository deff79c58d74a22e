import { ec2Error } from '../errors';
import { isId } from '../ids';
import type { Cell } from '../state';
import type { Instance } from './model';

/** @throws ServiceError `InvalidInstanceID.Malformed`, `InvalidInstanceID.NotFound` */
export function findInstances(cell: Cell, ids: readonly string[]): Instance[] {
  const malformed = ids.find((id) => !isId('i', id));
  if (malformed !== undefined) {
    throw ec2Error('InvalidInstanceID.Malformed', `Invalid id: "${malformed}" (expecting "i-...")`);
  }
  const missing = ids.filter((id) => !cell.instances.has(id));
  if (missing.length > 0) {
    const [subject, verb] = missing.length > 1 ? ['instance IDs', 'do'] : ['instance ID', 'does'];
    throw ec2Error('InvalidInstanceID.NotFound', `The ${subject} '${missing.join(', ')}' ${verb} not exist`);
  }
  return ids.flatMap((id) => cell.instances.get(id) ?? []);
}

/** @throws ServiceError `InvalidInstanceID.Malformed`, `InvalidInstanceID.NotFound` */
export function findInstance(cell: Cell, id: string | undefined): Instance {
  const [found] = findInstances(cell, [id ?? '']);
  if (!found) {
    throw ec2Error('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
  }
  return found;
}
