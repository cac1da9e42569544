import { convert, type FormatCallback, type SelectorDefinition } from 'html-to-text';

const MAX_DEPTH = 200;

/** Headings as Markdown has them, so that chunks know what stands above them. */
const heading: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  builder.addInline(`${'#'.repeat(Number(element.name?.slice(1)) || 1)} `);
  walk(element.children, builder);
  builder.closeBlock({ trailingLineBreaks: 2 });
};

const LEFT_OUT = ['title', 'script', 'style', 'noscript', 'template', 'svg', 'img', 'nav', 'iframe', 'object'];

const SELECTORS: readonly SelectorDefinition[] = [
  ...LEFT_OUT.map((selector) => ({ selector, format: 'skip' })),
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, format: 'heading' })),
  { selector: 'a', options: { ignoreHref: true } },
  { selector: 'ul', options: { itemPrefix: '- ' } },
  { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false, colSpacing: 2 } },
];

/** What a reader of the page sees, headings marked. */
export function textOfHtml(html: string): string {
  return convert(html, {
    wordwrap: false,
    formatters: { heading },
    limits: { maxDepth: MAX_DEPTH, ellipsis: '' },
    selectors: [...SELECTORS],
  });
}
