/**
 * The cloth of the API page: the app's tokens, written out because this page asks for no other file.
 * @module
 */

/** One style sheet, light and dark. */
export const STYLE = `
:root{--cloth:#FAF7F0;--panel:#FFFFFF;--line:#E6E0D2;--ink:#1D2233;--ink-soft:#5B6178;--indigo:#2B3A8C;--thread:#C8102E}
@media (prefers-color-scheme:dark){:root{--cloth:#12141C;--panel:#1A1D28;--line:#2B3040;--ink:#ECE8DD;
--ink-soft:#A3A8BA;--indigo:#8FA0FF;--thread:#FF5A6E}}
*{box-sizing:border-box}
html{color-scheme:light dark;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--cloth);color:var(--ink);font:14px/1.5 system-ui,sans-serif;
border-left:4px solid;border-image:repeating-linear-gradient(var(--indigo) 0 6px,var(--cloth) 6px 9px,
var(--thread) 9px 12px,var(--cloth) 12px 15px) 4;display:grid;grid-template-columns:240px minmax(0,880px);gap:32px;min-height:100vh}
nav{padding:24px 8px 24px 24px;border-right:1px solid var(--line);position:sticky;top:0;height:100vh;overflow:auto}
nav b{display:block;margin:16px 0 4px}
nav a{display:block;font-size:12px;color:var(--ink-soft);text-decoration:none;overflow-wrap:anywhere;padding:2px 0}
nav a:hover{color:var(--ink)}
main{padding:24px 24px 64px 0}
h1{font-size:28px;margin:0 0 12px}h2{font-size:18px;margin:32px 0 12px}h3{font-size:14px;margin:0;overflow-wrap:anywhere}
article{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:16px;margin:12px 0;scroll-margin:12px}
p{margin:8px 0}code,pre{font:12px/1.6 ui-monospace,monospace}
.method{color:var(--indigo)}.soft,.who{color:var(--ink-soft)}
pre{background:var(--cloth);border:1px solid var(--line);border-radius:8px;padding:12px;overflow:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:12px;margin:8px 0}
th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.wide{overflow:auto}.wide th,.wide td{padding-right:8px;overflow-wrap:normal;font-weight:normal}
.wide th:first-child{min-width:220px;overflow-wrap:anywhere}.wide thead th{font-weight:bold}
a{color:var(--indigo)}:focus-visible{outline:2px solid var(--thread);outline-offset:2px}:target{border-color:var(--thread)}
@media (max-width:768px){body{display:block}nav{position:static;height:auto;max-height:40vh;border:0;
border-bottom:1px solid var(--line)}main{padding:16px}}`;
