import { MalformedRequest } from './values';

/** An XML element without namespaces: what the protocols of AWS need of XML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith('#')) {
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    return entities[name] ?? whole;
  });
}

export function escapeText(text: string): string {
  return /[&<>\r]/.test(text)
    ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;')
    : text;
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const match of text.matchAll(/([\w:.-]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
    const name = match[1] ?? '';
    if (name !== '__proto__') {
      attributes[name] = unescapeText(match[3] ?? match[4] ?? '');
    }
  }
  return attributes;
}

const token = /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)([^<>]*?)(\/?)>|([^<]+)|</g;

/** Parses a document; document type declarations are refused. @throws MalformedRequest */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [root];
  for (const match of source.matchAll(token)) {
    const [whole, data, closing, name, attributes, empty, text] = match;
    const current = open[open.length - 1] as XmlElement;
    if (data !== undefined) {
      current.text += data;
    } else if (text !== undefined) {
      current.text += unescapeText(text);
    } else if (name && closing) {
      if (open.length === 1 || current.name !== localName(name)) {
        throw new MalformedRequest(`The XML closes <${name}> where it is not open.`);
      }
      open.pop();
    } else if (name) {
      const element = { name: localName(name), attributes: readAttributes(attributes ?? ''), children: [], text: '' };
      current.children.push(element);
      if (!empty) {
        open.push(element);
      }
    } else if (whole === '<') {
      throw new MalformedRequest('The XML is not well-formed.');
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || !document || root.children.length !== 1) {
    throw new MalformedRequest('The XML is not well-formed.');
  }
  return document;
}
