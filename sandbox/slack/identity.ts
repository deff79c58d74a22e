import { createHash } from 'node:crypto';

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function generated(seed: string, length: number): string {
  return createHash('sha256').update(seed).digest('base64url').slice(0, length);
}

/** The interactive elements of a block. */
export function elementsOf(block: Json): Json[] {
  const { elements, accessory, element } = block;
  const all = [...(Array.isArray(elements) ? (elements as unknown[]) : []), accessory, element];
  return all.filter(isObject).filter(({ type }) => !['mrkdwn', 'plain_text', 'image'].includes(String(type)));
}

function withActionId(element: unknown, seed: string): unknown {
  const passive = ['mrkdwn', 'plain_text', 'image', 'rich_text_section', 'rich_text_list', 'rich_text_quote'];
  return isObject(element) && !passive.includes(String(element.type)) && element.action_id === undefined
    ? { ...element, action_id: generated(seed, 5) }
    : element;
}

/**
 * Blocks with the ids that Slack gives to those that have none: `block_id`, and `action_id` of their elements. The
 * same seed gives the same ids.
 */
export function withIds(blocks: unknown, seed: string): Json[] {
  return (Array.isArray(blocks) ? (blocks as unknown[]) : []).filter(isObject).map((block, index) => {
    const at = `${seed}/${index}`;
    const copy: Json = { ...block, block_id: block.block_id ?? generated(at, 5) };
    if (Array.isArray(block.elements) && block.type === 'actions') {
      copy.elements = block.elements.map((element, number) => withActionId(element, `${at}/${number}`));
    }
    for (const name of ['accessory', 'element']) {
      if (block[name] !== undefined) {
        copy[name] = withActionId(block[name], `${at}/${name}`);
      }
    }
    return copy;
  });
}
