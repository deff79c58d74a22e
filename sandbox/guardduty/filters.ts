import {
  type CreateFilterRequest,
  FilterAction,
  type FindingCriteria,
  type GetFilterRequest,
  type ListFiltersRequest,
  type UpdateFilterRequest,
} from '@aws-sdk/client-guardduty';
import type { CallContext, Handler } from '../core/service';
import { badRequest, invalidInput, membersCannot } from './errors';
import { lengthWithin, oneOf, page, tagsOf } from './input';
import { type Detector, existing, type GuardDutyState } from './state';

/** A saved filter; with `ARCHIVE` a suppression rule. */
export interface Filter {
  readonly name: string;
  description?: string;
  action: FilterAction;
  rank: number;
  criteria: FindingCriteria;
  readonly tags: Map<string, string>;
  readonly createdAt: Date;
  updatedAt: Date;
  version: number;
}

const filterLimit = 100;
const attributeLimit = 50;

/** Filters are the administrator's: an associated member has none of its own. */
function asOwner(state: GuardDutyState, detectorId: string | undefined, context: CallContext): Detector {
  const detector = state.detector(detectorId, context);
  if (state.regions.at(context).administrator) {
    throw membersCannot();
  }
  return detector;
}

function checkCriteria(criteria: FindingCriteria | undefined): void {
  const count = Object.keys(criteria?.Criterion ?? {}).length;
  if (criteria !== undefined && (count === 0 || count > attributeLimit)) {
    throw badRequest('The request is rejected because the parameter findingCriteria has an invalid value.');
  }
}

/** Gives a filter its rank, the order in which filters are applied; those from there on make room. */
function place(filters: Map<string, Filter>, filter: Filter, rank: number | undefined): void {
  if (rank !== undefined && (rank < 1 || rank > filterLimit)) {
    throw badRequest('The request is rejected because the parameter rank has an invalid value.');
  }
  const others = [...filters.values()].filter((other) => other !== filter);
  filter.rank = rank ?? Math.max(0, ...others.map((other) => other.rank)) + 1;
  let taken = filter.rank;
  for (const other of others.sort((a, b) => a.rank - b.rank)) {
    if (other.rank === taken) {
      taken += 1;
      other.rank = taken;
    }
  }
  filters.set(filter.name, filter);
}

function createFilter(state: GuardDutyState): Handler {
  return (input: CreateFilterRequest, context) => {
    const detector = asOwner(state, input.DetectorId, context);
    const name = input.Name ?? '';
    lengthWithin(input.Description, 0, 512);
    if (!/^[A-Za-z0-9 _.-]{3,64}$/.test(name)) {
      throw badRequest('The request is rejected because the parameter name has an invalid value.');
    }
    if (!input.FindingCriteria) {
      throw invalidInput();
    }
    checkCriteria(input.FindingCriteria);
    if (detector.filters.has(name)) {
      throw badRequest('The request is rejected because a filter with the given name already exists.');
    }
    if (detector.filters.size >= filterLimit) {
      throw badRequest('The request is rejected because filter limit has exceeded.', 'LimitExceededException');
    }
    const now = state.now();
    const filter: Filter = {
      name,
      description: input.Description,
      action: oneOf(input.Action, FilterAction) ?? 'NOOP',
      rank: 0,
      criteria: input.FindingCriteria,
      tags: tagsOf(input.Tags),
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    place(detector.filters, filter, input.Rank);
    return { Name: name };
  };
}

function updateFilter(state: GuardDutyState): Handler {
  return (input: UpdateFilterRequest, context) => {
    const detector = asOwner(state, input.DetectorId, context);
    const filter = existing(detector.filters, input.FilterName);
    const action = oneOf(input.Action, FilterAction);
    lengthWithin(input.Description, 0, 512);
    checkCriteria(input.FindingCriteria);
    if (input.Rank !== undefined) {
      place(detector.filters, filter, input.Rank);
    }
    filter.description = input.Description ?? filter.description;
    filter.action = action ?? filter.action;
    filter.criteria = input.FindingCriteria ?? filter.criteria;
    filter.updatedAt = state.now();
    filter.version += 1;
    return { Name: filter.name };
  };
}

/** CreateFilter, GetFilter, UpdateFilter, DeleteFilter, ListFilters. */
export function filterOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    CreateFilter: createFilter(state),
    UpdateFilter: updateFilter(state),
    GetFilter: (input: GetFilterRequest, context) => {
      const { filters } = state.detector(input.DetectorId, context);
      const filter = existing(filters, input.FilterName);
      return {
        Name: filter.name,
        Description: filter.description,
        Action: filter.action,
        Rank: filter.rank,
        FindingCriteria: filter.criteria,
        Tags: Object.fromEntries(filter.tags),
        CreatedAt: filter.createdAt,
        UpdatedAt: filter.updatedAt,
        Version: filter.version,
      };
    },
    DeleteFilter: (input: GetFilterRequest, context) => {
      const { filters } = asOwner(state, input.DetectorId, context);
      filters.delete(existing(filters, input.FilterName).name);
      return {};
    },
    ListFilters: (input: ListFiltersRequest, context) => {
      const filters = [...state.detector(input.DetectorId, context).filters.values()].sort((a, b) => a.rank - b.rank);
      const found = page(
        filters.map((filter) => filter.name),
        input,
      );
      return { FilterNames: found.items, NextToken: found.nextToken };
    },
  };
}
