/** Of the page and nothing else: no font, no picture and no script is loaded. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: #8883; --soft: #8881; --dim: #777; --get: #1769aa; --post: #2e7d32; --patch: #a15c00; --delete: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --dim: #999; --get: #6cb4ee; --post: #7bc67e; --patch: #e5a550; --delete: #f2857c; } }
* { box-sizing: border-box; }
body { font: 15px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 82rem; display: grid; grid-template-columns: 15rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); font-size: .92em; }
nav strong { display: block; margin: 1rem 0 .2rem; } nav a { display: block; padding: .1rem 0; color: inherit; text-decoration: none; }
nav a:hover { text-decoration: underline; }
main { padding: 1.5rem 2rem 6rem; } h1 { margin-top: 0; } h2 { margin-top: 2.6rem; } h4 { margin: 1.1rem 0 .3rem; }
details.operation { border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; padding: 0 .9rem; }
.anchor { scroll-margin-top: 4rem; }
details[open] { padding-bottom: .8rem; } details[open] > summary { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; display: flex; gap: .8rem; align-items: baseline; padding: .5rem 0; flex-wrap: wrap; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; } .path { font-weight: 600; }
.method { min-width: 4em; font-weight: 700; font-size: .8em; text-transform: uppercase; }
.get { color: var(--get); } .post { color: var(--post); } .patch, .put { color: var(--patch); } .delete { color: var(--delete); }
table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--line); padding: .3rem .8rem .3rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; } td b { color: var(--delete); } .type, .limits { color: var(--dim); } .limits { font-size: .9em; }
td.type { min-width: 7rem; max-width: 16rem; overflow-wrap: anywhere; }
pre { background: var(--soft); border-radius: 6px; padding: .7rem; overflow: auto; max-height: 26rem; }
.answer { margin: .25rem 0; } .s2 { color: var(--post); } .s4, .s5 { color: var(--delete); }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 1rem; } td:first-child { white-space: normal; overflow-wrap: anywhere; } }`;
