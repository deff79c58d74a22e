import type {
  RebootInstancesRequest,
  StartInstancesRequest,
  StopInstancesRequest,
  TerminateInstancesRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import { interfacesOf } from '../network/interface';
import type { Operations, Place } from '../state';
import { findInstances } from './find';
import { type Instance, type StateName, stateShape } from './model';
import { runInstances } from './run';
import { move } from './transitions';

function named({ cell }: Place, ids: readonly string[] | undefined): Instance[] {
  if (!ids?.length) {
    throw ec2Error('InvalidParameterCombination', 'No instances specified');
  }
  return findInstances(cell, ids);
}

/** Moves instances and tells from where to where. */
function change(place: Place, instances: readonly Instance[], through: StateName, to: StateName) {
  return instances.map((instance) => {
    const before = instance.state;
    const there = before === to || before === through || before === 'terminated';
    if (!there) {
      move(place.ec2, place.cell, instance, through, to);
    }
    return {
      InstanceId: instance.id,
      PreviousState: stateShape(before),
      CurrentState: stateShape(there ? before : through),
    };
  });
}

const byUser = {
  Code: 'Client.UserInitiatedShutdown',
  Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};

function note(instance: Instance, at: Date): void {
  instance.stateReason = byUser;
  instance.transitionReason = `User initiated (${at.toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

function end(place: Place, instances: readonly Instance[]) {
  const now = place.ec2.world.now();
  for (const instance of instances.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')) {
    note(instance, now);
    instance.endedAt = now;
  }
  return change(place, instances, 'shutting-down', 'terminated');
}

/** A protected instance saves those in its zone; the others end, and the call fails all the same. */
function terminate(input: TerminateInstancesRequest, place: Place) {
  const instances = named(place, input.InstanceIds);
  const kept = instances.filter((instance) => instance.terminationProtected);
  const safe = new Set(kept.map(({ zone }) => zone));
  const TerminatingInstances = end(
    place,
    instances.filter(({ zone }) => !safe.has(zone)),
  );
  const [first] = kept;
  if (first) {
    const message = `The instance '${first.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
    throw ec2Error('OperationNotPermitted', message);
  }
  return { TerminatingInstances };
}

function checkState(instances: readonly Instance[], allowed: readonly StateName[], doing: string): void {
  const wrong = instances.find(({ state }) => !allowed.includes(state));
  if (wrong) {
    const which = doing === 'stopped' ? `This instance '${wrong.id}'` : `The instance '${wrong.id}'`;
    throw ec2Error('IncorrectInstanceState', `${which} is not in a state from which it can be ${doing}.`);
  }
}

function stop(input: StopInstancesRequest, place: Place) {
  const instances = named(place, input.InstanceIds);
  const kept = instances.find((instance) => instance.stopProtected);
  if (kept) {
    const message = `The instance '${kept.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`;
    throw ec2Error('OperationNotPermitted', message);
  }
  const spot = instances.find(({ lifecycle }) => lifecycle === 'spot');
  if (spot) {
    const message = `You can't stop the Spot Instance '${spot.id}' because it is associated with a one-time Spot Instance request.`;
    throw ec2Error('UnsupportedOperation', message);
  }
  checkState(instances, ['pending', 'running', 'stopping', 'stopped'], 'stopped');
  const now = place.ec2.world.now();
  for (const instance of instances.filter(({ state }) => state === 'pending' || state === 'running')) {
    note(instance, now);
    instance.publicAddress = undefined;
    for (const one of interfacesOf(place.cell, instance.id)) {
      one.publicAddress = undefined;
    }
  }
  return { StoppingInstances: change(place, instances, 'stopping', 'stopped') };
}

function start(input: StartInstancesRequest, place: Place) {
  const instances = named(place, input.InstanceIds);
  checkState(instances, ['stopped', 'pending', 'running'], 'started');
  const now = place.ec2.world.now();
  for (const instance of instances.filter(({ state }) => state === 'stopped')) {
    instance.stateReason = undefined;
    instance.transitionReason = '';
    instance.launchedAt = now;
  }
  const running = instances.filter(({ state }) => state !== 'stopped');
  const changed = change(
    place,
    instances.filter(({ state }) => state === 'stopped'),
    'pending',
    'running',
  );
  const same = running.map(({ id, state }) => ({
    InstanceId: id,
    PreviousState: stateShape(state),
    CurrentState: stateShape(state),
  }));
  return { StartingInstances: [...changed, ...same] };
}

/** Instances from their launch to their end. */
export const lifecycleOperations: Operations = {
  RunInstances: runInstances,
  StartInstances: start,
  StopInstances: stop,
  TerminateInstances: terminate,
  RebootInstances: (input: RebootInstancesRequest, place) => {
    checkState(named(place, input.InstanceIds), ['running', 'pending'], 'rebooted');
  },
};
