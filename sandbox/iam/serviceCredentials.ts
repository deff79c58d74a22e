import { randomBytes } from 'node:crypto';
import type {
  CreateServiceSpecificCredentialRequest,
  ListServiceSpecificCredentialsRequest,
  UpdateServiceSpecificCredentialRequest,
} from '@aws-sdk/client-iam';
import { uniqueId } from '../core/ids';
import type { CallContext, Handler } from '../core/service';
import { type IamState, noSuchEntity, type ServiceCredential, type User } from './state';
import { callingUser } from './users';
import { limitExceeded, violation } from './validate';

/** Services that know users by a name and password of IAM (User Guide, "Service-specific credentials"). */
const services = new Set(['bedrock.amazonaws.com', 'cassandra.amazonaws.com', 'codecommit.amazonaws.com']);
const perService = 2;

function checkService(service: string | undefined): string {
  if (service === undefined || !services.has(service)) {
    throw noSuchEntity(`No such service ${service} is supported for Service Specific Credentials`);
  }
  return service;
}

function newPassword(): string {
  return randomBytes(32).toString('base64');
}

function describe(user: User, credential: ServiceCredential) {
  return {
    CreateDate: credential.createdAt,
    ServiceName: credential.service,
    ServiceUserName: credential.userName,
    ServiceSpecificCredentialId: credential.id,
    UserName: user.name,
    Status: credential.status,
  };
}

function withPassword(user: User, credential: ServiceCredential) {
  const shown = { ...describe(user, credential), ServicePassword: credential.password };
  return { ServiceSpecificCredential: shown };
}

function create(userOf: UserOf): Handler {
  return (input: CreateServiceSpecificCredentialRequest, context) => {
    const user = userOf(input, context);
    const service = checkService(input.ServiceName);
    const count = [...user.serviceCredentials.values()].filter((each) => each.service === service).length;
    if (count >= perService) {
      throw limitExceeded('ServiceSpecificCredentialsPerUser', perService);
    }
    const credential: ServiceCredential = {
      id: uniqueId('ACCA'),
      service,
      userName: `${user.name}${count === 0 ? '' : `+${count}`}-at-${context.accountId}`,
      createdAt: context.world.now(),
      password: newPassword(),
      status: 'Active',
    };
    user.serviceCredentials.set(credential.id, credential);
    return withPassword(user, credential);
  };
}

type UserOf = (input: { UserName?: string }, context: CallContext) => User;

interface Named {
  UserName?: string;
  ServiceSpecificCredentialId?: string;
}

function find(user: User, { ServiceSpecificCredentialId: id = '' }: Named): ServiceCredential {
  const found = user.serviceCredentials.get(id);
  if (!found) {
    throw noSuchEntity(`No such credential ${id} exists`);
  }
  return found;
}

function checkId({ ServiceSpecificCredentialId: id = '' }: Named): void {
  if (!/^\w+$/.test(id)) {
    throw violation(
      "Value at 'serviceSpecificCredentialId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w]+",
    );
  }
}

function update(userOf: UserOf): Handler {
  return (input: UpdateServiceSpecificCredentialRequest, context) => {
    checkId(input);
    const { Status: status } = input;
    if (status !== 'Active' && status !== 'Inactive') {
      throw violation("Value at 'status' failed to satisfy constraint: Member must satisfy enum value set");
    }
    find(userOf(input, context), input).status = status;
    return {};
  };
}

/** Names and passwords for services that take no access keys. */
export function serviceCredentialOperations(state: IamState): Record<string, Handler> {
  const userOf: UserOf = (input, context) => callingUser(state.account(context.accountId), input.UserName, context);
  return {
    CreateServiceSpecificCredential: create(userOf),
    UpdateServiceSpecificCredential: update(userOf),
    ListServiceSpecificCredentials: (input: ListServiceSpecificCredentialsRequest, context) => {
      const user = userOf(input, context);
      const service = input.ServiceName === undefined ? undefined : checkService(input.ServiceName);
      const chosen = [...user.serviceCredentials.values()].filter(
        (each) => service === undefined || each.service === service,
      );
      return { ServiceSpecificCredentials: chosen.map((each) => describe(user, each)) };
    },
    ResetServiceSpecificCredential: (input: Named, context) => {
      checkId(input);
      const user = userOf(input, context);
      const credential = find(user, input);
      credential.password = newPassword();
      return withPassword(user, credential);
    },
    DeleteServiceSpecificCredential: (input: Named, context) => {
      checkId(input);
      const user = userOf(input, context);
      user.serviceCredentials.delete(find(user, input).id);
      return {};
    },
  };
}
