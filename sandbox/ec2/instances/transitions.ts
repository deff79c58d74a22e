import { interfacesOf, removeInterface } from '../network/interface';
import type { Cell, Ec2 } from '../state';
import type { Instance, StateName } from './model';

/** Milliseconds that a change of state takes here. */
const duration = 1;

/** How long a terminated instance is still told of. */
const remembered = 3_600_000;

function tell(ec2: Ec2, cell: Cell, instance: Instance): void {
  const arn = ec2.arn(cell.site, `instance/${instance.id}`);
  ec2.world.emit(
    {
      source: 'aws.ec2',
      'detail-type': 'EC2 Instance State-change Notification',
      detail: { 'instance-id': instance.id, state: instance.state },
      resources: [arn],
    },
    cell.site,
  );
}

/** What a terminated instance leaves behind: disks and interfaces that are not to go with it. */
function release(cell: Cell, instance: Instance): void {
  for (const one of interfacesOf(cell, instance.id)) {
    if (one.attachment?.deleteOnTermination) {
      removeInterface(cell, one);
    } else {
      one.attachment = undefined;
    }
  }
  for (const volume of cell.volumes.values()) {
    if (volume.attachment?.instanceId !== instance.id) {
      continue;
    }
    if (volume.attachment.deleteOnTermination) {
      cell.volumes.delete(volume.id);
    } else {
      volume.attachment = undefined;
    }
  }
}

/**
 * Changes an instance's state now, and a moment later to the one that follows: by itself, or when the next call
 * comes that looks at the account's instances.
 */
export function move(ec2: Ec2, cell: Cell, instance: Instance, through: StateName, to: StateName): void {
  instance.state = through;
  instance.changes += 1;
  const { changes } = instance;
  tell(ec2, cell, instance);
  const finish = () => {
    cell.moving.delete(finish);
    if (instance.changes !== changes || instance.state !== through) {
      return;
    }
    instance.state = to;
    instance.stateReason = to === 'running' ? undefined : instance.stateReason;
    if (to === 'terminated') {
      release(cell, instance);
    }
    tell(ec2, cell, instance);
  };
  cell.moving.add(finish);
  ec2.world.later(duration, finish);
}

/** Forgets instances that ended more than an hour ago. */
export function forget(ec2: Ec2, cell: Cell): void {
  const now = ec2.world.now().getTime();
  for (const instance of cell.instances.values()) {
    const ended = instance.endedAt?.getTime() ?? now;
    if (instance.state === 'terminated' && now - ended > remembered) {
      cell.instances.delete(instance.id);
    }
  }
}
