/** Bars of one chart share a scale. */
export type BarChart = {
  readonly title: string;
  /** What the bars are, and which direction is good. */
  readonly subtitle: string;
  readonly groups: readonly {
    readonly name: string;
    readonly bars: readonly {
      readonly name: string;
      readonly value: number;
      readonly isOurs: boolean;
    }[];
  }[];
  /** How a value is written beside its bar. */
  readonly show: (value: number) => string;
};

const [WIDTH, LABEL, VALUE] = [760, 250, 90];
const [ROW, BAR, GROUP_GAP, TOP] = [24, 16, 30, 62];

/**
 * Horizontal bars as an SVG that follows the reader's choice of light or dark. Colours differ in lightness as well, and
 * each bar has its value beside it.
 */
export function drawBarChart({ title, subtitle, groups, show }: BarChart): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const room = WIDTH - LABEL - VALUE;
  const parts: string[] = [];
  let y = TOP;
  for (const { name, bars } of groups) {
    parts.push(text({ x: 0, y: y + 14, kind: 'group', content: name }));
    y += ROW;
    for (const { name: label, value, isOurs } of bars) {
      const width = Math.max(1, (value / most) * room);
      parts.push(
        text({ x: LABEL - 10, y: y + 13, kind: isOurs ? 'label ours' : 'label', content: label }),
        `<rect class="${isOurs ? 'bar ours' : 'bar'}" x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
        text({
          x: LABEL + width + 8,
          y: y + 13,
          kind: isOurs ? 'value ours' : 'value',
          content: show(value),
        }),
      );
      y += ROW;
    }
    y += GROUP_GAP - ROW / 2;
  }
  const height = y;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(described(groups, show))}</desc>`,
    STYLE,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    text({ x: 0, y: 20, kind: 'title', content: title }),
    text({ x: 0, y: 42, kind: 'subtitle', content: subtitle }),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = `<style>
svg { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
.paper { fill: #ffffff; }
text { fill: #1f2328; }
.title { font-size: 17px; font-weight: 600; }
.subtitle { fill: #59636e; }
.group { font-weight: 600; }
.label { text-anchor: end; }
.bar { fill: #9aa4b0; }
.bar.ours { fill: #0b62c4; }
text.ours { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #0d1117; }
  text { fill: #e6edf3; }
  .subtitle { fill: #9198a1; }
  .bar { fill: #59636e; }
  .bar.ours { fill: #4c9dff; }
}
</style>`;

function text({
  x,
  y,
  kind,
  content,
}: {
  x: number;
  y: number;
  kind: string;
  content: string;
}): string {
  return `<text class="${kind}" x="${x.toFixed(0)}" y="${y}">${escaped(content)}</text>`;
}

/** The same in words, for who does not see it. */
function described(groups: BarChart['groups'], show: BarChart['show']): string {
  return groups
    .map(
      ({ name, bars }) =>
        `${name}: ${bars.map((bar) => `${bar.name} ${show(bar.value)}`).join(', ')}`,
    )
    .join('. ');
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
