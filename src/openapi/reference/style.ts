/** The style sheet of the reference: fonts of the reader's system, light and dark as the system is. */
export const referenceStyle = `
:root { color-scheme: light dark; --line: #8884; --accent: light-dark(#0b5fa5, #7db8ef);
  --good: light-dark(#1d7a34, #6cc07f); --bad: light-dark(#b3261e, #f08a80); }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line);
  font-size: .875rem; }
nav h2 { font-size: .75rem; text-transform: uppercase; letter-spacing: .05em; margin: 1.25rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .2rem 0; text-decoration: none; color: inherit; }
nav a:hover, nav a:focus-visible { text-decoration: underline; }
nav li b { font-size: .7rem; text-transform: uppercase; }
main { padding: 1rem 2rem 6rem; }
h2 { margin-top: 3rem; }
section { border-top: 1px solid var(--line); padding: 1rem 0; scroll-margin-top: 1rem; }
.operation { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2rem; }
.samples { background: #1c2530; color: #dce4ec; border-radius: .5rem; padding: .25rem 1rem 1rem; align-self: start; }
.samples h4 { margin: 1rem 0 .25rem; font-weight: 500; }
pre { overflow: auto; margin: 0; font-size: .8125rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
a { color: var(--accent); }
.endpoint b, .get, .post { color: var(--accent); }
.good { color: var(--good); }
.bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; overflow-wrap: anywhere; width: 35%; }
td p { margin: .25rem 0 0; }
.note { font-size: .8125rem; opacity: .8; margin-left: .5rem; }
summary { cursor: pointer; }
@media (max-width: 70rem) { .operation { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 45rem) { body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 1rem; } }
`;
