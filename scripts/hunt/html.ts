import type { HuntReport } from '../../detections/hunt/report';
import { escaped, htmlPage } from '../views/htmlPage';
import { pageScript, pageStyle } from './htmlPage';

/** The report as one page that needs nothing else: figures, a timeline, who is loud, and every finding. */
export function htmlOf(report: HuntReport): string {
  const times = report.findings.map(({ time }) => time).filter(Boolean);
  const span = times.length > 0 ? `${shown(times[0])} – ${shown(times.at(-1))} UTC` : 'nothing found';
  const body = `<header>
<h1>What the detections would have found</h1>
<p>${escaped(span)} · ${report.records.toLocaleString('en')} records in ${report.files} files${report.kept < report.alerts ? ` · details of ${report.kept} of ${report.alerts} alerts` : ''}</p>
</header>
<main>
<section id="figures" aria-label="Alerts by severity"></section>
<section><h2>Timeline</h2><div id="timeline"></div></section>
<section><h2>Who is loud</h2><div id="loud"></div></section>
<section><h2>Findings</h2>
<p><input id="search" type="search" placeholder="Filter: account, actor, event, address…" aria-label="Filter findings"></p>
<div class="scroll"><table id="findings"><thead><tr><th>Time (UTC)</th><th>Severity</th><th>Detection</th><th>Account</th><th>Region</th><th>Event</th><th>From</th><th>Actor</th></tr></thead><tbody></tbody></table></div>
<p id="more"></p>
</section>
${broken(report)}
</main>
<script type="application/json" id="data">${embedded(report)}</script>`;
  return htmlPage({ title: 'Garrison hunt', style: pageStyle, body, script: pageScript });
}

function broken({ broken: files }: HuntReport): string {
  if (files.length === 0) {
    return '';
  }
  const items = files.map(({ file, reason }) => `<li><code>${escaped(file)}</code>: ${escaped(reason)}</li>`);
  return `<section><h2>Files passed over</h2><ul>${items.join('')}</ul></section>`;
}

function shown(time = ''): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** JSON that can stand in a script element whatever is in it. */
function embedded({ detections, findings }: HuntReport): string {
  return JSON.stringify({ detections, findings }).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
