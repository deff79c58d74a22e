import { at, isRecord, list } from '../events/read';

/**
 * Slack's documented limits of the blocks that follow-ups are made of. Blocks of other kinds are Slack's to judge; it
 * refuses a whole message for one that is wrong.
 */
const limits = { blocks: 50, identifier: 255, header: 150, text: 3_000, fields: 10, field: 2_000 } as const;
const elementLimits = { context: 10, actions: 25, label: 75, value: 2_000, address: 3_000 } as const;

/** What is wrong with the blocks, as a path and a word for the log; `undefined` when nothing is. */
export function blocksProblem(blocks: unknown): string | undefined {
  if (!Array.isArray(blocks) || blocks.length === 0 || blocks.length > limits.blocks) {
    return 'blocks.count';
  }
  const problems = blocks.map((block: unknown, index) => {
    const problem = !isRecord(block) || typeof block.type !== 'string' ? 'type' : blockProblem(block);
    return problem && `blocks.${index}.${problem}`;
  });
  return problems.find((problem) => problem !== undefined) ?? repeated(blocks, 'block_id');
}

function blockProblem(block: Readonly<Record<string, unknown>>): string | undefined {
  if (!isIdentifier(block.block_id)) {
    return 'block_id';
  }
  switch (block.type) {
    case 'header':
      return isText(block.text, limits.header) ? undefined : 'text';
    case 'section':
      return sectionProblem(block);
    case 'context':
      return elementsProblem(block, elementLimits.context, (element) =>
        at(element, 'type') === 'image' || isText(element, limits.field) ? undefined : 'text',
      );
    case 'actions':
      return (
        elementsProblem(block, elementLimits.actions, elementProblem) ?? repeated(list(block, 'elements'), 'action_id')
      );
    default:
      return undefined;
  }
}

function sectionProblem({ text, fields, accessory }: Readonly<Record<string, unknown>>): string | undefined {
  if (text === undefined && fields === undefined) {
    return 'text';
  }
  if (text !== undefined && !isText(text, limits.text)) {
    return 'text';
  }
  const few = Array.isArray(fields) && fields.length > 0 && fields.length <= limits.fields;
  if (fields !== undefined && !(few && fields.every((field) => isText(field, limits.field)))) {
    return 'fields';
  }
  return accessory === undefined ? undefined : elementProblem(accessory);
}

function elementsProblem(
  block: unknown,
  most: number,
  problemOf: (element: unknown) => string | undefined,
): string | undefined {
  const elements = list(block, 'elements');
  return elements.length === 0 || elements.length > most
    ? 'elements'
    : elements.map(problemOf).find((problem) => problem !== undefined);
}

function elementProblem(element: unknown): string | undefined {
  if (!isIdentifier(at(element, 'action_id'))) {
    return 'action_id';
  }
  if (at(element, 'type') !== 'button') {
    return typeof at(element, 'type') === 'string' ? undefined : 'type';
  }
  if (!isText(at(element, 'text'), elementLimits.label)) {
    return 'text';
  }
  const short = (name: string, limit: number) => at(element, name) === undefined || isFilled(at(element, name), limit);
  return short('value', elementLimits.value) && short('url', elementLimits.address) ? undefined : 'value';
}

function isText(value: unknown, limit: number): boolean {
  return ['mrkdwn', 'plain_text'].includes(String(at(value, 'type'))) && isFilled(at(value, 'text'), limit);
}

function isFilled(value: unknown, limit: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= limit;
}

function isIdentifier(value: unknown): boolean {
  return value === undefined || isFilled(value, limits.identifier);
}

function repeated(elements: readonly unknown[], name: string): string | undefined {
  const given = elements.map((element) => at(element, name)).filter((id) => id !== undefined);
  return new Set(given).size === given.length ? undefined : name;
}
