/**
 * Styles of the API page: the app's tokens as literals, because this page loads no other file.
 * @module
 */

/** One style sheet, light and dark. */
export const STYLE = `
:root{--background:#FAF7F0;--surface:#FFFFFF;--border:#E6E0D2;--text:#1D2233;--text-muted:#5B6178;--primary:#2B3A8C;--accent:#C8102E}
@media (prefers-color-scheme:dark){:root{--background:#12141C;--surface:#1A1D28;--border:#2B3040;--text:#ECE8DD;
--text-muted:#A3A8BA;--primary:#8FA0FF;--accent:#FF5A6E}}
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--background);color:var(--text);font:14px/1.5 system-ui,sans-serif;
border-left:4px solid;border-image:repeating-linear-gradient(var(--primary) 0 6px,var(--background) 6px 9px,
var(--accent) 9px 12px,var(--background) 12px 15px) 4;display:grid;grid-template-columns:240px minmax(0,880px);gap:32px;min-height:100vh}
nav{padding:24px 8px 24px 24px;border-right:1px solid var(--border);position:sticky;top:0;height:100vh;overflow:auto}
nav b{display:block;margin:16px 0 4px}
nav a{display:block;font-size:12px;color:var(--text-muted);text-decoration:none;overflow-wrap:anywhere;padding:2px 0}
nav a:hover{color:var(--text)}
main{padding:24px 24px 64px 0}
h1{font-size:28px;margin:0 0 12px}h2{font-size:18px;margin:32px 0 12px}h3{font-size:14px;margin:0;overflow-wrap:anywhere}
article{background:var(--surface);border:1px solid var(--border);border-radius:8px;padding:16px;margin:12px 0;scroll-margin:12px}
p{margin:8px 0}code,pre{font:12px/1.6 ui-monospace,monospace}
.method{color:var(--primary)}.soft,.who{color:var(--text-muted)}
pre{background:var(--background);border:1px solid var(--border);border-radius:8px;padding:12px;overflow:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:12px;margin:8px 0}
th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid var(--border);overflow-wrap:anywhere}
.wide{overflow:auto}.wide th,.wide td{padding-right:8px;overflow-wrap:normal;font-weight:normal}
.wide th:first-child{min-width:220px;overflow-wrap:anywhere}.wide thead th{font-weight:bold}
a{color:var(--primary)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}:target{border-color:var(--accent)}
@media (max-width:768px){body{display:block}nav{position:static;height:auto;max-height:40vh;border:0;
border-bottom:1px solid var(--border)}main{padding:16px}}`;
