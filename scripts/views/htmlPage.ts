/** A page that stands by itself. */
export interface HtmlPage {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  /** `en` unless given. */
  readonly language?: string;
  /** Runs when the page is there. Without it no script runs at all. */
  readonly script?: string;
}

/**
 * One file that fetches nothing. A policy in the page holds the browser to that, and to the page's own script alone, should
 * anything hostile have got through. The body's texts have to be `escaped`.
 */
export function htmlPage({ title, style, body, language = 'en', script }: HtmlPage): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'${script === undefined ? '' : "; script-src 'unsafe-inline'"}`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for elements and quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
