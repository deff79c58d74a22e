import { catalog } from '../catalog';
import type { Condition } from '../condition';
import type { ConfiguredDetection } from '../settings';

/**
 * The index template that the profile `raw` needs: text as keywords, the source address also as `ip`, and the lists
 * whose elements detections look at as `nested`. Numbers in quotes are not taken for numbers.
 */
export function indexTemplate(configured: readonly ConfiguredDetection[]) {
  const properties: Record<string, unknown> = {};
  for (const path of new Set(configured.flatMap(({ condition }) => lists(condition, '')))) {
    place(properties, path.split('.'));
  }
  return {
    index_patterns: ['cloudtrail-*'],
    template: {
      settings: { index: { mapping: { ignore_malformed: true, coerce: false } } },
      mappings: {
        dynamic_templates: [
          { texts: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 8191 } } },
        ],
        properties: {
          ...properties,
          eventTime: { type: 'date' },
          sourceIPAddress: { type: 'keyword', fields: { ip: { type: 'ip', ignore_malformed: true } } },
        },
      },
    },
    _meta: { detections: catalog.length },
  };
}

function lists(condition: Condition, prefix: string): string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((member) => lists(member, prefix));
    case 'element':
      return [`${prefix}${condition.field}`, ...lists(condition.condition, `${prefix}${condition.field}.`)];
    default:
      return [];
  }
}

function place(properties: Record<string, unknown>, [step = '', ...rest]: readonly string[]): void {
  const own = (properties[step] ?? {}) as { type?: string; properties?: Record<string, unknown> };
  properties[step] = own;
  if (rest.length === 0) {
    own.type = 'nested';
    return;
  }
  own.properties ??= {};
  place(own.properties, rest);
}
