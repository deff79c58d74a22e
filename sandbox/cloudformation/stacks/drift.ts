import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  DescribeStackDriftDetectionStatusInput,
  DescribeStackResourceDriftsInput,
  DetectStackDriftInput,
  DetectStackResourceDriftInput,
} from '@aws-sdk/client-cloudformation';
import { paginate } from '../../core/paginate';
import type { CallContext, Caller, Handler } from '../../core/service';
import { reasonOf, validationError } from '../errors';
import { resourceContext } from '../resources/context';
import { isGone } from '../resources/failure';
import { isMap, type Value, type ValueMap } from '../template/model';
import type { Engine } from './run';
import type { DriftDetection, ResourceDrift, Stack, StackResource } from './state';

type Difference = ResourceDrift['differences'][number];

function shown(value: Value | undefined): string {
  return value === undefined ? 'null' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Compares what the template says with what stands; what the template leaves open is not compared. */
function compare(expected: Value, actual: Value | undefined, path: string): Difference[] {
  if (isMap(expected) && isMap(actual)) {
    return Object.entries(expected).flatMap(([key, value]) => compare(value, actual[key], `${path}/${key}`));
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return compareLists(expected, actual, path);
  }
  if (isDeepStrictEqual(expected, actual) || String(expected) === String(actual)) {
    return [];
  }
  const DifferenceType = actual === undefined ? 'REMOVE' : 'NOT_EQUAL';
  return [{ PropertyPath: path, ExpectedValue: shown(expected), ActualValue: shown(actual), DifferenceType }];
}

/** Lists are compared without regard to their order: most services answer in one of their own. */
function compareLists(expected: readonly Value[], actual: readonly Value[], path: string): Difference[] {
  const left = [...actual];
  const missing: [number, Value][] = [];
  for (const [index, value] of expected.entries()) {
    const found = left.findIndex((each) => compare(value, each, '').length === 0);
    if (found < 0) {
      missing.push([index, value]);
    } else {
      left.splice(found, 1);
    }
  }
  const gone = missing.map(([index, value]): Difference => {
    const actualValue = left.shift();
    return {
      PropertyPath: `${path}/${index}`,
      ExpectedValue: shown(value),
      ActualValue: shown(actualValue),
      DifferenceType: actualValue === undefined ? 'REMOVE' : 'NOT_EQUAL',
    };
  });
  const added = left.map(
    (value, index): Difference => ({
      PropertyPath: `${path}/${expected.length + index}`,
      ExpectedValue: 'null',
      ActualValue: shown(value),
      DifferenceType: 'ADD',
    }),
  );
  return [...gone, ...added];
}

/** Only what the provider could read is compared. */
function comparable(properties: ValueMap, live: ValueMap): ValueMap {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key in live && key !== 'Tags'));
}

async function driftOf(engine: Engine, stack: Stack, resource: StackResource, caller: Caller): Promise<ResourceDrift> {
  const checkedAt = engine.store.now();
  const provider = engine.provider(resource.type);
  const context = resourceContext(engine.world, stack, resource.logicalId, resource.type, caller);
  let live: ValueMap | undefined;
  try {
    live = await provider?.read?.(context, resource.physicalId ?? '', resource.properties);
  } catch (error) {
    if (!isGone(error)) {
      throw error;
    }
  }
  const expected = JSON.stringify(resource.properties);
  if (live === undefined) {
    return { status: 'DELETED', checkedAt, expected, differences: [] };
  }
  const known = comparable(resource.properties, live);
  const differences = Object.entries(known).flatMap(([key, value]) => compare(value, live[key], `/${key}`));
  const actual = JSON.stringify(Object.fromEntries(Object.keys(known).map((key) => [key, live[key] ?? null])));
  return { status: differences.length > 0 ? 'MODIFIED' : 'IN_SYNC', checkedAt, expected, actual, differences };
}

/** Compares every resource of a stack with what stands. @returns how many differ */
export async function detectDrift(
  engine: Engine,
  stack: Stack,
  caller: Caller,
  only?: readonly string[],
): Promise<number> {
  const chosen = [...stack.resources.values()].filter(
    (resource) =>
      resource.physicalId !== undefined &&
      engine.provider(resource.type)?.read !== undefined &&
      (!only || only.length === 0 || only.includes(resource.logicalId)),
  );
  for (const resource of chosen) {
    resource.drift = await driftOf(engine, stack, resource, caller);
  }
  const drifted = [...stack.resources.values()].filter((resource) =>
    /MODIFIED|DELETED/.test(resource.drift?.status ?? ''),
  );
  stack.drift = { status: drifted.length > 0 ? 'DRIFTED' : 'IN_SYNC', checkedAt: engine.store.now() };
  return drifted.length;
}

/** `StackResourceDrift` of the API. */
export function describeDrift(stack: Stack, resource: StackResource) {
  const { drift } = resource;
  return {
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ExpectedProperties: drift?.expected,
    ActualProperties: drift?.actual,
    PropertyDifferences: [...(drift?.differences ?? [])],
    StackResourceDriftStatus: drift?.status ?? 'NOT_CHECKED',
    Timestamp: drift?.checkedAt,
  };
}

function existing(engine: Engine, name: string | undefined, context: CallContext): Stack {
  const stack = engine.store.find(name, context);
  if (!stack || stack.status === 'DELETE_COMPLETE') {
    throw validationError(`Stack [${name}] does not exist`);
  }
  return stack;
}

const checkable = /^(CREATE|UPDATE|UPDATE_ROLLBACK|ROLLBACK|IMPORT|IMPORT_ROLLBACK)_(COMPLETE|FAILED)$/;

function start(engine: Engine): Handler {
  return (input: DetectStackDriftInput, context) => {
    const stack = existing(engine, input.StackName, context);
    if (!checkable.test(stack.status)) {
      throw validationError(`Drift detection cannot be performed on stack ${stack.id} in ${stack.status} state.`);
    }
    const detection: DriftDetection = {
      id: randomUUID(),
      stack,
      startedAt: engine.store.now(),
      status: 'DETECTION_IN_PROGRESS',
      drifted: 0,
    };
    engine.store.regions.at(context).driftDetections.set(detection.id, detection);
    engine.world.later(1, async () => {
      try {
        detection.drifted = await detectDrift(engine, stack, context.caller, input.LogicalResourceIds);
        detection.result = detection.drifted > 0 ? 'DRIFTED' : 'IN_SYNC';
        detection.status = 'DETECTION_COMPLETE';
      } catch (error) {
        detection.status = 'DETECTION_FAILED';
        detection.reason = reasonOf(error);
      }
    });
    return { StackDriftDetectionId: detection.id };
  };
}

/** DetectStackDrift, DetectStackResourceDrift, DescribeStackDriftDetectionStatus, DescribeStackResourceDrifts. */
export function driftOperations(engine: Engine): Record<string, Handler> {
  return {
    DetectStackDrift: start(engine),
    DetectStackResourceDrift: async (input: DetectStackResourceDriftInput, context) => {
      const stack = existing(engine, input.StackName, context);
      const resource = stack.resources.get(input.LogicalResourceId ?? '');
      if (!resource) {
        throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
      }
      await detectDrift(engine, stack, context.caller, [resource.logicalId]);
      return { StackResourceDrift: describeDrift(stack, resource) };
    },
    DescribeStackDriftDetectionStatus: (input: DescribeStackDriftDetectionStatusInput, context) => {
      const detection = engine.store.regions.at(context).driftDetections.get(input.StackDriftDetectionId ?? '');
      if (!detection) {
        throw validationError(`Drift detection ${input.StackDriftDetectionId} does not exist`);
      }
      return {
        StackId: detection.stack.id,
        StackDriftDetectionId: detection.id,
        StackDriftStatus: detection.result,
        DetectionStatus: detection.status,
        DetectionStatusReason: detection.reason,
        DriftedStackResourceCount: detection.result === undefined ? undefined : detection.drifted,
        Timestamp: detection.startedAt,
      };
    },
    DescribeStackResourceDrifts: (input: DescribeStackResourceDriftsInput, context) => {
      const stack = existing(engine, input.StackName, context);
      const filters = new Set<string>(input.StackResourceDriftStatusFilters);
      const checked = [...stack.resources.values()].filter(
        (resource) => resource.drift && (filters.size === 0 || filters.has(resource.drift.status)),
      );
      const page = paginate(checked, {
        token: input.NextToken,
        size: input.MaxResults,
        maximum: 100,
        invalidCode: 'ValidationError',
      });
      return { StackResourceDrifts: page.items.map((each) => describeDrift(stack, each)), NextToken: page.nextToken };
    },
  };
}
