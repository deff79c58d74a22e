/** On paper as on a screen: black on white, tables that do not break within a row, heads repeated on every page. */
export const reportStyle = `
@page{size:A4 landscape;margin:14mm 12mm 16mm}
*{box-sizing:border-box}
body{margin:0 auto;padding:28px 32px;max-width:1240px;color:#1b2430;background:#fff;font:13px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}
h1{font-size:22px;margin:0 0 4px}h2{font-size:15px;margin:26px 0 8px;break-after:avoid}
.period{color:#566273;margin:0 0 16px}
.figures{display:grid;grid-template-columns:repeat(5,1fr);gap:10px;margin:0 0 14px}
.figures div{border:1px solid #d5dbe3;border-radius:6px;padding:8px 12px}.figures b{display:block;font-size:20px;font-variant-numeric:tabular-nums}.figures span{color:#566273}
.seal{border:1px solid #d5dbe3;border-left:5px solid #1f7a4d;border-radius:6px;padding:8px 12px;margin:0 0 8px}.seal.broken{border-left-color:#b3261e}
.seal code{overflow-wrap:anywhere}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,monospace}
table{border-collapse:collapse;width:100%}thead{display:table-header-group}tr{break-inside:avoid}
th{text-align:left;font-weight:600;color:#566273;border-bottom:1.5px solid #8b96a5;padding:5px 8px 5px 0;white-space:nowrap}
td{border-bottom:1px solid #e3e7ec;padding:6px 8px 6px 0;vertical-align:top}
td.time{white-space:nowrap;font-variant-numeric:tabular-nums}td.words{overflow-wrap:anywhere;min-width:220px}td.name{overflow-wrap:anywhere;min-width:150px;max-width:230px}
.status{font-weight:600;white-space:nowrap}.status.open{color:#b3261e}.status.answered{color:#1f7a4d}.status.announced{color:#2a5c99}
.small{color:#566273;font-size:.88em}.version{margin-top:5px;padding-top:5px;border-top:1px dotted #c4ccd6}
ul{margin:6px 0;padding-left:18px}
footer{margin-top:26px;color:#566273;font-size:11.5px;border-top:1px solid #d5dbe3;padding-top:8px}
@media print{body{padding:0;max-width:none;font-size:10.5px}.figures b{font-size:16px}h1{font-size:18px}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@media(max-width:760px){.figures{grid-template-columns:repeat(2,1fr)}body{padding:16px}}
`;
