import { isNode, LineCounter, parseDocument } from 'yaml';

/** Where a path stands in a YAML file, or its nearest parent that is there: line and column from 1. */
export function positionIn(text: string, path: readonly string[]): { line: number; col: number } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      return lines.linePos(node.range[0]);
    }
  }
  return { line: 1, col: 1 };
}
