import type { NormalizedSchema } from '@smithy/core/schema';
import { MalformedRequest, readText, writeText } from './values';
import type { XmlElement } from './xmlText';
import { escapeAttribute, escapeText } from './xmlText';

interface XmlTraits {
  xmlName?: string;
  xmlFlattened?: unknown;
  xmlAttribute?: unknown;
  xmlNamespace?: [string | undefined, string];
  ec2QueryName?: string;
}

function traitsOf(shape: NormalizedSchema): XmlTraits {
  return shape.getMergedTraits() as XmlTraits;
}

function memberName(name: string, member: NormalizedSchema): string {
  return (member.getMemberTraits() as XmlTraits).xmlName ?? name;
}

function tag(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}

/** The members of a structure as XML elements, without an element around them. */
export function writeXmlMembers(
  shape: NormalizedSchema,
  value: unknown,
  skip: (member: NormalizedSchema) => boolean = () => false,
): string {
  let text = '';
  for (const [name, member] of shape.structIterator()) {
    const given = (value as Record<string, unknown> | undefined)?.[name];
    if (given !== undefined && given !== null && !traitsOf(member).xmlAttribute && !skip(member)) {
      text += writeXml(member, given, memberName(name, member));
    }
  }
  return text;
}

function attributesOf(shape: NormalizedSchema, value: unknown): string {
  const [prefix, uri] = traitsOf(shape).xmlNamespace ?? [];
  let text = uri ? ` xmlns${prefix ? `:${prefix}` : ''}="${escapeAttribute(uri)}"` : '';
  if (!shape.isStructSchema()) {
    return text;
  }
  for (const [name, member] of shape.structIterator()) {
    const given = (value as Record<string, unknown>)[name];
    if (traitsOf(member).xmlAttribute && given !== undefined && given !== null) {
      text += ` ${memberName(name, member)}="${escapeAttribute(String(given))}"`;
    }
  }
  return text;
}

/** One value as the element `name`; flattened lists and maps become several. */
export function writeXml(shape: NormalizedSchema, value: unknown, name: string): string {
  if (shape.isStructSchema()) {
    return tag(name, writeXmlMembers(shape, value), attributesOf(shape, value));
  }
  if (shape.isListSchema()) {
    return writeList(shape, value as Iterable<unknown>, name);
  }
  if (shape.isMapSchema()) {
    return writeMap(shape, value, name);
  }
  return tag(name, escapeText(writeText(shape, value, 'date-time')), attributesOf(shape, value));
}

function writeList(shape: NormalizedSchema, value: Iterable<unknown>, name: string): string {
  const item = shape.getValueSchema();
  const flat = traitsOf(shape).xmlFlattened !== undefined;
  const itemName = flat ? name : (traitsOf(item).xmlName ?? 'member');
  let text = '';
  for (const each of value) {
    text += each === undefined || each === null ? '' : writeXml(item, each, itemName);
  }
  return flat ? text : tag(name, text, attributesOf(shape, value));
}

function writeMap(shape: NormalizedSchema, value: unknown, name: string): string {
  const [key, item] = [shape.getKeySchema(), shape.getValueSchema()];
  const flat = traitsOf(shape).xmlFlattened !== undefined;
  let text = '';
  for (const [entryKey, each] of value instanceof Map ? value : Object.entries(value as object)) {
    const pair =
      tag(traitsOf(key).xmlName ?? 'key', escapeText(String(entryKey))) +
      writeXml(item, each, traitsOf(item).xmlName ?? 'value');
    text += tag(flat ? name : 'entry', pair);
  }
  return flat ? text : tag(name, text);
}

/** An element → the SDK's shape. @throws MalformedRequest */
export function readXml(shape: NormalizedSchema, element: XmlElement): unknown {
  if (shape.isStructSchema()) {
    return readXmlMembers(shape, element);
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    const itemName = traitsOf(item).xmlName ?? 'member';
    return element.children.filter((child) => child.name === itemName).map((child) => readXml(item, child));
  }
  if (shape.isMapSchema()) {
    return readMap(shape, element.children);
  }
  return readText(shape, element.text);
}

function readXmlMembers(shape: NormalizedSchema, element: XmlElement): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of shape.structIterator()) {
    const wireName = memberName(name, member);
    if (traitsOf(member).xmlAttribute) {
      result[name] = element.attributes[wireName];
      continue;
    }
    const found = element.children.filter((child) => child.name === wireName);
    const [first] = found;
    if (!first) {
      continue;
    }
    const flat = traitsOf(member).xmlFlattened !== undefined;
    if (flat && member.isListSchema()) {
      const item = member.getValueSchema();
      result[name] = found.map((child) => readXml(item, child));
    } else {
      result[name] = flat && member.isMapSchema() ? readMap(member, found) : readXml(member, first);
    }
  }
  return result;
}

function readMap(shape: NormalizedSchema, entries: readonly XmlElement[]): Record<string, unknown> {
  const [key, item] = [shape.getKeySchema(), shape.getValueSchema()];
  const keyName = traitsOf(key).xmlName ?? 'key';
  const valueName = traitsOf(item).xmlName ?? 'value';
  const pairs = entries.map((entry) => {
    const keyElement = entry.children.find((child) => child.name === keyName);
    const valueElement = entry.children.find((child) => child.name === valueName);
    if (!keyElement || !valueElement) {
      throw new MalformedRequest('A map entry lacks its key or value.');
    }
    return [keyElement.text, readXml(item, valueElement)] as const;
  });
  return Object.fromEntries(pairs);
}
