/** Colours are mid-tones that hold against white and black, so one set serves both schemes. */
export const CALL_PAGE_STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 58rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.soft { opacity: .65; font-weight: normal; }
.badge { border-radius: 1em; padding: .1em .8em; background: var(--soft); }
.badge.completed { background: #2a9d5c; color: #fff; } .badge.failed { background: #c8453b; color: #fff; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: .4rem 1.5rem; }
dt { font-size: .8rem; opacity: .65; } dd { margin: 0; overflow-wrap: anywhere; }
audio { width: 100%; }
.waveform { width: 100%; height: 6rem; display: block; } .waveform .caller { fill: #4a90d9; } .waveform .agent { fill: #58a942; }
.transcript { list-style: none; padding: 0; }
.transcript li { display: grid; grid-template-columns: 4.5rem 4.5rem 1fr; gap: .5rem; padding: .35rem .5rem; border-radius: 6px; }
.transcript li.agent { background: var(--soft); } .transcript p { margin: 0; overflow-wrap: anywhere; }
.transcript time { opacity: .65; font-variant-numeric: tabular-nums; }
s { opacity: .5; }
.legend span, .figures span { margin-right: 1em; white-space: nowrap; }
.legend i { display: inline-block; width: .9em; height: .9em; border-radius: 2px; margin-right: .35em; vertical-align: -.1em; }
.waterfall h3 { font-size: .95rem; margin: .8rem 0 .2rem; }
.bar { display: flex; height: 1.1rem; background: var(--soft); border-radius: 3px; overflow: hidden; }
.bar i { display: block; min-width: 1px; }
.figures { margin: .15rem 0 0; font-size: .85rem; line-height: 1.6; } .cut { color: #c8453b; }
.vad { background: #7f8c9b; } .endpoint { background: #b07cc6; } .stt { background: #4a90d9; } .text { background: #2bb3a3; }
.clause { background: #58a942; } .audio { background: #d9a520; } .packet { background: #e0703a; }
.stats { border-collapse: collapse; } .stats th { text-align: left; font-weight: normal; padding: .15rem 2rem .15rem 0; }
.stats td { text-align: right; font-variant-numeric: tabular-nums; } .stats tr { border-top: 1px solid var(--line); }
`;
