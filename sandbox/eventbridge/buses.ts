import type {
  CreateEventBusRequest,
  DeleteEventBusRequest,
  DescribeEventBusRequest,
  ListEventBusesRequest,
  PutPermissionRequest,
  RemovePermissionRequest,
  UpdateEventBusRequest,
} from '@aws-sdk/client-eventbridge';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { type Bus, type Buses, invalid } from './state';

const policyLimit = 10_240;
const busLimit = 100;

interface Policy {
  Version: string;
  Statement: { Sid?: string }[];
}

function policyOf(bus: Bus): Policy {
  return bus.policy ? (JSON.parse(bus.policy) as Policy) : { Version: '2012-10-17', Statement: [] };
}

function createBus(buses: Buses): Handler {
  return (input: CreateEventBusRequest, context) => {
    const name = input.Name ?? '';
    const region = buses.regions.at(context);
    if (!/^[A-Za-z0-9._-]{1,256}$/.test(name)) {
      throw invalid(
        `Event bus name ${name} is not valid: it must match [/\\.\\-_A-Za-z0-9]+ and have at most 256 characters.`,
      );
    }
    if (region.buses.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    if (region.buses.size >= busLimit) {
      throw new ServiceError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    }
    const bus = buses.newBus(name, context);
    bus.description = input.Description;
    bus.kmsKeyIdentifier = input.KmsKeyIdentifier;
    bus.deadLetterConfig = input.DeadLetterConfig;
    region.buses.set(name, { ...bus, tags: tagsFrom(input.Tags) });
    return {
      EventBusArn: bus.arn,
      Description: bus.description,
      KmsKeyIdentifier: bus.kmsKeyIdentifier,
      DeadLetterConfig: bus.deadLetterConfig,
    };
  };
}

function described(bus: Bus) {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Description: bus.description,
    KmsKeyIdentifier: bus.kmsKeyIdentifier,
    DeadLetterConfig: bus.deadLetterConfig,
    Policy: bus.policy,
    CreationTime: bus.createdAt,
    LastModifiedTime: bus.modifiedAt,
  };
}

function deleteBus(buses: Buses): Handler {
  return (input: DeleteEventBusRequest, context) => {
    if (input.Name === 'default') {
      throw invalid('Cannot delete event bus default.');
    }
    const bus = buses.find(input.Name, context);
    if (bus && bus.rules.size > 0) {
      throw invalid("Event bus can't be deleted since it has rules.");
    }
    buses.regions.at(context).buses.delete(bus?.name ?? '');
  };
}

function putPermission(buses: Buses): Handler {
  return (input: PutPermissionRequest, context) => {
    const bus = buses.at(input.EventBusName, context);
    if (input.Policy) {
      checkPolicy(input.Policy);
      bus.policy = input.Policy;
      return;
    }
    if (!input.StatementId || !input.Principal || !input.Action) {
      throw invalid('Parameters StatementId, Principal and Action must be given when Policy is not.');
    }
    if (input.Action !== 'events:PutEvents') {
      throw invalid("Provided value in parameter 'action' is not supported.");
    }
    if (input.Principal !== '*' && !/^\d{12}$/.test(input.Principal)) {
      throw invalid(`Provided value in parameter 'principal' is not valid.`);
    }
    if (input.Condition && input.Principal !== '*') {
      throw invalid('A condition needs the principal to be *.');
    }
    const policy = policyOf(bus);
    const kept = policy.Statement.filter((statement) => statement.Sid !== input.StatementId);
    const { Type, Key, Value } = input.Condition ?? {};
    const statement = {
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal: input.Principal === '*' ? '*' : { AWS: `arn:${context.world.partition}:iam::${input.Principal}:root` },
      Action: input.Action,
      Resource: bus.arn,
      ...(Type && Key ? { Condition: { [Type]: { [Key]: Value } } } : {}),
    };
    const text = JSON.stringify({ ...policy, Statement: [...kept, statement] });
    checkPolicy(text);
    bus.policy = text;
  };
}

function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > policyLimit) {
    throw new ServiceError('PolicyLengthExceededException', `The policy is longer than ${policyLimit} bytes.`);
  }
  try {
    const policy = JSON.parse(text) as Partial<Policy>;
    if (typeof policy === 'object' && policy !== null && policy.Statement !== undefined) {
      return;
    }
  } catch {
    // Falls through: the document is refused below either way.
  }
  throw invalid('The policy is not a valid JSON policy document.');
}

function removePermission(buses: Buses): Handler {
  return (input: RemovePermissionRequest, context) => {
    const bus = buses.at(input.EventBusName, context);
    if (input.RemoveAllPermissions) {
      bus.policy = undefined;
      return;
    }
    const policy = policyOf(bus);
    const kept = policy.Statement.filter((statement) => statement.Sid !== input.StatementId);
    if (!bus.policy || kept.length === policy.Statement.length) {
      throw new ServiceError('ResourceNotFoundException', 'EventBus does not have a policy.', 400);
    }
    bus.policy = kept.length === 0 ? undefined : JSON.stringify({ ...policy, Statement: kept });
  };
}

/** Operations on event buses and their policies. */
export function busOperations(buses: Buses): Record<string, Handler> {
  return {
    CreateEventBus: createBus(buses),
    DeleteEventBus: deleteBus(buses),
    DescribeEventBus: (input: DescribeEventBusRequest, context) => described(buses.at(input.Name, context)),
    ListEventBuses: (input: ListEventBusesRequest, context) => {
      const all = [...buses.regions.at(context).buses.values()]
        .filter((bus) => bus.name.startsWith(input.NamePrefix ?? ''))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = paginate(all, { token: input.NextToken, size: input.Limit, maximum: 100 });
      return { EventBuses: page.items.map(described), NextToken: page.nextToken };
    },
    UpdateEventBus: (input: UpdateEventBusRequest, context) => {
      const bus = buses.at(input.Name, context);
      bus.description = input.Description ?? bus.description;
      bus.kmsKeyIdentifier = input.KmsKeyIdentifier ?? bus.kmsKeyIdentifier;
      bus.deadLetterConfig = input.DeadLetterConfig ?? bus.deadLetterConfig;
      bus.modifiedAt = context.world.now();
      const { Arn, Name, Description, KmsKeyIdentifier, DeadLetterConfig } = described(bus);
      return { Arn, Name, Description, KmsKeyIdentifier, DeadLetterConfig };
    },
    PutPermission: putPermission(buses),
    RemovePermission: removePermission(buses),
  };
}
