import {
  AlternateContactType,
  type ContactInformation,
  type DeleteAlternateContactRequest,
  type GetAlternateContactRequest,
  type GetContactInformationRequest,
  type PutAlternateContactRequest,
  type PutContactInformationRequest,
} from '@aws-sdk/client-account';
import type { CallContext, Handler } from '../core/service';
import { denied, invalidField, notFound } from './errors';
import type { AccountState } from './state';

function contactType(type: string | undefined, context: CallContext, operation: string): string {
  if (!Object.values<string>(AlternateContactType).includes(type ?? '')) {
    throw denied(context, operation, 'You specified an invalid Alternate Contact type.');
  }
  return type as string;
}

function field(name: string, value: string | undefined, maximum: number, pattern?: RegExp): string {
  if (!value || value.length > maximum || (pattern && !pattern.test(value))) {
    throw invalidField(name, `The value of ${name} is invalid.`);
  }
  return value;
}

const noContact = () => notFound('No contact of the inputted alternate contact type found.');

function alternateContacts(state: AccountState): Record<string, Handler> {
  return {
    GetAlternateContact: (input: GetAlternateContactRequest, context) => {
      const type = contactType(input.AlternateContactType, context, 'GetAlternateContact');
      const account = state.target(input.AccountId, context, 'GetAlternateContact');
      const contact = state.record(account.id).alternateContacts.get(type);
      if (!contact) {
        throw noContact();
      }
      return { AlternateContact: contact };
    },
    PutAlternateContact: (input: PutAlternateContactRequest, context) => {
      const type = contactType(input.AlternateContactType, context, 'PutAlternateContact');
      const account = state.target(input.AccountId, context, 'PutAlternateContact');
      state.record(account.id).alternateContacts.set(type, {
        AlternateContactType: type as AlternateContactType,
        Name: field('Name', input.Name, 64),
        Title: field('Title', input.Title, 50),
        EmailAddress: field('EmailAddress', input.EmailAddress, 254, /^\s*[\w+=.#|!&-]+@[\w.-]+\.\w+\s*$/),
        PhoneNumber: field('PhoneNumber', input.PhoneNumber, 25, /^[\s0-9()+-]+$/),
      });
    },
    DeleteAlternateContact: (input: DeleteAlternateContactRequest, context) => {
      const type = contactType(input.AlternateContactType, context, 'DeleteAlternateContact');
      const account = state.target(input.AccountId, context, 'DeleteAlternateContact');
      if (!state.record(account.id).alternateContacts.delete(type)) {
        throw noContact();
      }
    },
  };
}

/** What every account has from its sign-up, here made up. */
function initialContact(fullName: string): ContactInformation {
  return {
    FullName: fullName,
    AddressLine1: '1 Example Street',
    City: 'Seattle',
    StateOrRegion: 'WA',
    PostalCode: '98101',
    CountryCode: 'US',
    PhoneNumber: '+12065550100',
  };
}

const optionalFields = [
  ['AddressLine2', 60],
  ['AddressLine3', 60],
  ['CompanyName', 50],
  ['DistrictOrCounty', 50],
  ['StateOrRegion', 50],
  ['WebsiteUrl', 256],
] as const satisfies readonly (readonly [keyof ContactInformation, number])[];

function checked(contact: ContactInformation | undefined): ContactInformation {
  const given = contact as ContactInformation;
  field('FullName', contact?.FullName, 50);
  field('AddressLine1', contact?.AddressLine1, 60);
  field('City', contact?.City, 50);
  field('PostalCode', contact?.PostalCode, 20);
  field('CountryCode', contact?.CountryCode, 2, /^[A-Z]{2}$/);
  field('PhoneNumber', contact?.PhoneNumber, 20, /^[+][\s0-9()-]+$/);
  if (given.CountryCode === 'US') {
    field('StateOrRegion', given.StateOrRegion, 50);
  }
  for (const [name, longest] of optionalFields) {
    if (given[name] !== undefined) {
      field(name, given[name], longest);
    }
  }
  return { ...given };
}

/** Alternate contacts and the primary contact information. */
export function contactOperations(state: AccountState): Record<string, Handler> {
  return {
    ...alternateContacts(state),
    GetContactInformation: (input: GetContactInformationRequest, context) => {
      const account = state.target(input.AccountId, context, 'GetContactInformation');
      return { ContactInformation: state.record(account.id).contact ?? initialContact(account.name) };
    },
    PutContactInformation: (input: PutContactInformationRequest, context) => {
      const account = state.target(input.AccountId, context, 'PutContactInformation');
      const record = state.record(account.id);
      const contact = checked(input.ContactInformation);
      // Another number has to be verified anew.
      record.phone = contact.PhoneNumber === record.contact?.PhoneNumber ? record.phone : undefined;
      record.contact = contact;
    },
  };
}
