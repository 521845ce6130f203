import { renderMermaidSVG } from 'beautiful-mermaid';

/** Of the default theme, light and dark. */
const COLOURS = {
  light: { bg: '#ffffff', fg: '#3c3c43', accent: '#3451b2', line: '#67676c' },
  dark: { bg: '#1b1b1f', fg: '#dfdfd6', accent: '#a8b1ff', line: '#98989f' },
};

/** Diagrams that the forge draws from Mermaid are drawn when the site is built, once for light and once for dark pages. */
export function drawDiagrams(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index];
    return info.trim() === 'mermaid' ? drawn(content) : fence(tokens, index, ...rest);
  };
}

function drawn(source) {
  const images = Object.entries(COLOURS).map(([name, colours]) => {
    const svg = renderMermaidSVG(source, { ...colours, transparent: true, font: 'sans-serif' })
      // Its fonts would come from another host; those of the reader do.
      .replaceAll(/@import url\([^)]*\);?/g, '');
    const data = Buffer.from(svg).toString('base64');
    return `<img class="diagram ${name}" alt="Diagram; the text below it says the same." src="data:image/svg+xml;base64,${data}">`;
  });
  return `<p>${images.join('')}</p>\n`;
}
