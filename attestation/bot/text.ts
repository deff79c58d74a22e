const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/**
 * What somebody wrote, from the form in which Slack sends it: links as their words and address, mentions without their
 * brackets, entities as characters. It is a stranger's text still.
 */
export function writtenText(text: string): string {
  return text
    .replace(/<([^<>|]{1,3000})(?:\|([^<>]{0,3000}))?>/g, (_, target: string, label?: string) => linked(target, label))
    .replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
}

function linked(target: string, label?: string): string {
  if (/^[@#!]/.test(target)) {
    return label ? `${target[0]}${label.replace(/^[@#!]/, '')}` : target;
  }
  return label && label !== target ? `${label} (${target})` : target;
}
