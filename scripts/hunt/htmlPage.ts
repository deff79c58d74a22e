export const pageStyle = `
:root{--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--paper:#f6f7f9;--card:#fff;--critical:#a3123a;--high:#d2421f;--medium:#c98a00;--low:#4b7aa8}
@media(prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#98a4b3;--line:#2d3642;--paper:#12171e;--card:#1a212a;--critical:#ff5d86;--high:#ff7a55;--medium:#f0b93a;--low:#7fb2e5}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main{max-width:1320px;margin:0 auto;padding:0 24px}header{padding-top:36px}h1{font-size:26px;margin:0}header p{color:var(--soft);margin:4px 0 20px}
h2{font-size:16px;margin:0 0 12px}section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin-bottom:18px}
#figures{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;background:none;border:0;padding:0}
#figures button{font:inherit;color:inherit;text-align:left;background:var(--card);border:1px solid var(--line);border-left:5px solid var(--s);border-radius:10px;padding:12px 16px;cursor:pointer}
#figures button[aria-pressed=false]{opacity:.45}#figures b{display:block;font-size:26px;line-height:1.2}#figures span{color:var(--soft)}
.lane{display:grid;grid-template-columns:230px 1fr 64px;gap:12px;align-items:center;padding:3px 0}.lane .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.lane .n{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}.track{position:relative;height:20px;border-bottom:1px solid var(--line)}
.track i{position:absolute;bottom:0;width:5px;border-radius:2px 2px 0 0;background:var(--s)}.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:12px;margin:4px 76px 0 242px}
.actor{display:grid;grid-template-columns:230px 130px 1fr 120px 64px;gap:12px;align-items:center;padding:3px 0}.actor code{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
#loud .tag{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.actor .n{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}.actor .bar{height:8px;border-radius:4px;background:var(--s)}
input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:8px 12px;width:100%;max-width:420px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}th{text-align:left;color:var(--soft);font-weight:600}th,td{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.actor-cell{overflow-wrap:anywhere;width:40%;min-width:300px}td{white-space:nowrap}td.actor-cell{white-space:normal}.tag{color:var(--s);font-weight:600}
.details{color:var(--soft);white-space:normal;overflow-wrap:anywhere;font-size:12px;display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden}tr:hover .details{-webkit-line-clamp:unset}.critical{--s:var(--critical)}.high{--s:var(--high)}.medium{--s:var(--medium)}.low{--s:var(--low)}code{font:12px ui-monospace,monospace}#more{color:var(--soft)}
@media(max-width:760px){#figures{grid-template-columns:repeat(2,1fr)}.lane{grid-template-columns:120px 1fr 48px}.axis{margin:4px 60px 0 132px}.actor{grid-template-columns:1fr 1fr}.actor .bar{display:none}}
`;

/** Builds the page from the data beside it. Everything in the data is put in as text, never as markup. */
export const pageScript = `
const {detections, findings} = JSON.parse(document.getElementById('data').textContent);
const severities = ['critical', 'high', 'medium', 'low'];
const on = new Set(severities);
const byId = (id) => document.getElementById(id);
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) key === 'style' ? Object.assign(node.style, value) : node.setAttribute(key, value);
  node.append(...children);
  return node;
}
for (const severity of severities) {
  const alerts = detections.filter((one) => one.severity === severity).reduce((sum, one) => sum + one.alerts, 0);
  const button = make('button', {class: severity, 'aria-pressed': 'true'}, make('b', {}, alerts.toLocaleString('en')), make('span', {}, severity));
  button.onclick = () => { on.has(severity) ? on.delete(severity) : on.add(severity); button.setAttribute('aria-pressed', on.has(severity)); show(); };
  byId('figures').append(button);
}
const times = findings.map((one) => Date.parse(one.time)).filter((time) => !Number.isNaN(time));
const from = times.reduce((least, time) => Math.min(least, time), Infinity), to = times.reduce((most, time) => Math.max(most, time), -Infinity);
const bins = 120;
function binOf(time) { return Math.min(bins - 1, Math.floor(((Date.parse(time) - from) / Math.max(1, to - from)) * bins)); }
function showTimeline() {
  const lanes = detections.filter((one) => on.has(one.severity)).map((one) => {
    const counts = new Array(bins).fill(0);
    for (const finding of findings) if (finding.detection === one.detection && !Number.isNaN(Date.parse(finding.time))) counts[binOf(finding.time)] += 1;
    const most = Math.max(...counts, 1);
    const track = make('div', {class: 'track'});
    counts.forEach((count, bin) => {
      if (count === 0) return;
      const start = new Date(from + (bin / bins) * (to - from)).toISOString().slice(0, 16).replace('T', ' ');
      track.append(make('i', {title: count + ' from ' + start, style: {left: 'calc(' + (bin / (bins - 1)) * 100 + '% - ' + (bin / (bins - 1)) * 5 + 'px)', height: 5 + Math.round(15 * Math.sqrt(count / most)) + 'px'}}));
    });
    return make('div', {class: 'lane ' + one.severity}, make('span', {class: 'name', title: one.title}, one.detection), track, make('span', {class: 'n'}, one.alerts.toLocaleString('en')));
  });
  const day = (time) => make('span', {}, Number.isFinite(time) ? new Date(time).toISOString().slice(0, 16).replace('T', ' ') : '');
  byId('timeline').replaceChildren(...lanes, make('div', {class: 'axis'}, day(from), day((from + to) / 2), day(to)));
}
function showLoud() {
  const all = detections.filter((one) => on.has(one.severity)).flatMap((one) => one.actors.map((actor) => ({...actor, detection: one.detection, severity: one.severity})));
  all.sort((left, right) => right.alerts - left.alerts);
  const most = all.length > 0 ? all[0].alerts : 1;
  byId('loud').replaceChildren(...all.slice(0, 12).map((one) => make('div', {class: 'actor ' + one.severity}, make('span', {class: 'tag'}, one.detection), make('code', {}, one.account), make('code', {title: one.actor}, one.actor), make('div', {class: 'bar', style: {width: Math.max(3, (one.alerts / most) * 100) + '%'}}), make('span', {class: 'n'}, one.alerts.toLocaleString('en')))));
}
const limit = 500;
function showFindings() {
  const wanted = byId('search').value.trim().toLowerCase();
  const found = findings.filter((one) => on.has(one.severity) && (wanted === '' || JSON.stringify(one).toLowerCase().includes(wanted)));
  const rows = found.slice(0, limit).map((one) => {
    const details = Object.entries(one.details).map(([key, value]) => key.split('.').pop() + ' ' + value).join(' · ');
    return make('tr', {class: one.severity}, make('td', {}, one.time.replace('T', ' ').replace('Z', '')), make('td', {class: 'tag'}, one.severity), make('td', {}, one.detection), make('td', {}, make('code', {}, one.account)), make('td', {}, one.region),
      make('td', {}, one.event), make('td', {}, make('code', {}, one.sourceAddress)), make('td', {class: 'actor-cell'}, make('code', {}, one.actor), make('div', {class: 'details'}, details)));
  });
  document.querySelector('#findings tbody').replaceChildren(...rows);
  byId('more').textContent = found.length > limit ? 'The first ' + limit + ' of ' + found.length + '.' : found.length + ' findings.';
}
function show() { showTimeline(); showLoud(); showFindings(); }
byId('search').oninput = showFindings;
show();
`;
