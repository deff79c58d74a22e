/** Measures and colours of Slack's own client, light and dark. */
export const slackPageStyle = `
:root{--ground:#fff;--ink:#1d1c1d;--quiet:#616061;--line:#dddddd;--code:#c01343;--codeGround:#f6f6f6;--link:#1264a3;--mention:#1264a3;--mentionGround:#e8f5fa;--hover:#f8f8f8;--go:#007a5a}
@media (prefers-color-scheme:dark){:root{--ground:#1a1d21;--ink:#d1d2d3;--quiet:#ababad;--line:#393c40;--code:#e8912d;--codeGround:#222529;--link:#1d9bd1;--mention:#1d9bd1;--mentionGround:#1d9bd11a;--hover:#222529;--go:#148567}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.46668 Lato,"Noto Sans","Noto Sans JP","Hiragino Sans","Helvetica Neue",Arial,sans-serif;font-variant-ligatures:none}
.channel{position:sticky;top:0;background:var(--ground);border-bottom:1px solid var(--line);padding:12px 20px;z-index:1}
.channel h1{font-size:18px;line-height:1.33;margin:0;font-weight:900}
.channel p{margin:0;color:var(--quiet);font-size:13px}
main{padding:8px 0 40px}
article{display:flex;gap:8px;padding:8px 20px}
article:hover{background:var(--hover)}
.avatar{flex:none;width:36px;height:36px;margin-top:2px}
.content{min-width:0;flex:1}
.author{margin:0;display:flex;gap:6px;align-items:baseline;flex-wrap:wrap}
.author strong{font-weight:900}
.app{font-size:10px;font-weight:700;background:var(--codeGround);color:var(--quiet);border-radius:2px;padding:1px 3px;line-height:1.25;align-self:center}
.place{color:var(--quiet);font-size:12px;overflow-wrap:anywhere}
.text{overflow-wrap:anywhere}
.attachment{display:flex;margin:4px 0 0;max-width:680px}
.bar{flex:none;width:4px;border-radius:8px}
.blocks{padding:0 12px;min-width:0;flex:1}
.blocks>*{margin:8px 0 0}
.blocks>:first-child{margin-top:2px}
h2{font-size:18px;line-height:1.33;font-weight:900;overflow-wrap:anywhere}
section p{margin:0;overflow-wrap:anywhere}
.fields{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px 16px;overflow-wrap:anywhere}
@media (max-width:480px){.fields{grid-template-columns:1fr}}
.context{display:flex;flex-wrap:wrap;gap:4px 8px;font-size:12px;line-height:1.5;color:var(--quiet);overflow-wrap:anywhere}
.context span{min-width:0}
.actions{display:flex;flex-wrap:wrap;gap:8px}
.actions a,.actions button{font:700 13px/28px inherit;font-family:inherit;font-size:13px;line-height:28px;height:30px;padding:0 12px;border:1px solid var(--line);border-radius:8px;background:var(--ground);color:var(--ink);text-decoration:none;white-space:nowrap}
.actions .primary{background:var(--go);border-color:var(--go);color:#fff}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
a:focus-visible,button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code{font:12px/1.5 Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--codeGround);border:1px solid var(--line);border-radius:3px;padding:1px 3px;color:var(--code);overflow-wrap:anywhere}
pre{font:12px/1.5 Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--codeGround);border:1px solid var(--line);border-radius:4px;padding:8px;overflow:auto;margin:4px 0}
.mention{color:var(--mention);background:var(--mentionGround);border-radius:3px;padding:0 2px}
hr{border:0;border-top:1px solid var(--line)}
`;
