import type { estypes } from '@elastic/elasticsearch';
import type { Condition, LeafCondition, Scalar } from '../condition';
import { CompileError } from '../errors';
import { parseNetwork } from '../networks';
import { isFlattened, type Profile } from './profiles';

export type Query = estypes.QueryDslQueryContainer;

/** The condition as a query of Elasticsearch or OpenSearch, in filter context. Throws `CompileError`. */
export function toQuery(condition: Condition, profile: Profile, prefix = ''): Query {
  switch (condition.kind) {
    case 'all':
      return { bool: { filter: condition.of.map((member) => toQuery(member, profile, prefix)) } };
    case 'any':
      if (condition.of.length === 0) {
        throw new CompileError('elasticsearch', 'there is nothing that the query could match');
      }
      return {
        bool: { should: condition.of.map((member) => toQuery(member, profile, prefix)), minimum_should_match: 1 },
      };
    case 'element': {
      const path = profile.list(`${prefix}${condition.field}`);
      return { nested: { path, query: toQuery(condition.condition, profile, `${path}.`) } };
    }
    default:
      return leaf(condition, profile, `${prefix}${condition.field}`);
  }
}

function leaf(condition: LeafCondition, profile: Profile, path: string): Query {
  const field = profile.field(path);
  switch (condition.kind) {
    case 'is':
      return equal(field, condition.values);
    case 'isNot':
      return { bool: { filter: [{ exists: { field } }], must_not: [equal(field, condition.values)] } };
    case 'differs':
      return { bool: { must_not: [equal(field, condition.values)] } };
    case 'like':
      return oneOf(condition.patterns.map((pattern) => form(field, pattern)));
    case 'absent':
      return { bool: { must_not: [{ wildcard: { [field]: { value: '?*' } } }] } };
    case 'outside':
      return outsideQuery(profile.address(path), condition.networks);
  }
}

function equal(field: string, values: readonly Scalar[]): Query {
  if (isFlattened(field) && values.some((value) => typeof value === 'number')) {
    throw new CompileError(
      'elasticsearch',
      `${field} is flattened: its numbers are texts`,
      'Use the profile raw for this detection.',
    );
  }
  const stored = isFlattened(field) ? values.map(String) : [...values];
  return stored.length === 1 ? { term: { [field]: { value: stored[0] as Scalar } } } : { terms: { [field]: stored } };
}

function form(field: string, pattern: string): Query {
  if (!pattern.includes('*')) {
    return { term: { [field]: { value: pattern } } };
  }
  if (pattern.indexOf('*') === pattern.length - 1 && pattern.length > 1) {
    return { prefix: { [field]: { value: pattern.slice(0, -1) } } };
  }
  return { wildcard: { [field]: { value: pattern.replace(/[?\\]/g, '\\$&') } } };
}

function oneOf(queries: readonly Query[]): Query {
  return queries.length === 1 ? (queries[0] as Query) : { bool: { should: [...queries], minimum_should_match: 1 } };
}

function outsideQuery(field: string, networks: readonly string[]): Query {
  networks.forEach(parseNetwork);
  return {
    bool: {
      filter: [{ exists: { field } }],
      must_not: networks.map((network) => ({ term: { [field]: { value: network } } })),
    },
  };
}
