import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';
import { contractPage, markdownPages, type Page } from './pages.ts';

const filesOfSources = new Map([
  ...markdownPages.map(({ source, file }) => [source, file] as const),
  ['spec/openapi.yaml', contractPage.file],
]);

/** What a page's Markdown was made into. */
export interface RenderedPage {
  readonly html: string;
  /** The files of the repository that it links to, and that the site must therefore carry, from the root. */
  readonly linkedFiles: readonly string[];
}

/**
 * Makes a page of its Markdown. Links to other pages' sources lead to these pages; links to other files of the
 * repository lead to a copy in the site's folder `files`.
 *
 * @param text - The Markdown.
 */
export function renderMarkdown({ source }: Pick<Page, 'source'>, text: string): RenderedPage {
  const linkedFiles = new Set<string>();
  const markdown = new MarkdownIt({ html: true, linkify: false }).use(anchor, {
    slugify: slugOf,
    permalink: anchor.permalink.headerLink({ safariReaderFix: true }),
  });
  markdown.core.ruler.push('site links', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      for (const attribute of ['href', 'src']) {
        const link = token.attrGet(attribute);
        if (typeof link === 'string' && !/^(?:[a-z]+:|#)/i.test(link))
          token.attrSet(attribute, siteLink(link, source, linkedFiles));
      }
    }
  });
  markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>\n';
  markdown.renderer.rules.table_close = () => '</table></div>\n';
  return { html: markdown.render(text), linkedFiles: [...linkedFiles] };
}

/** The name of a heading in links, as code hosts make it. */
function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function siteLink(link: string, source: string, linkedFiles: Set<string>): string {
  const [path = '', fragment] = link.split('#');
  const target = posix.normalize(posix.join(posix.dirname(source), path));
  const suffix = fragment === undefined ? '' : `#${fragment}`;
  const page = filesOfSources.get(target) ?? filesOfSources.get(posix.join(target, 'README.md'));
  if (page !== undefined) return `${page}${suffix}`;
  linkedFiles.add(target);
  return `files/${target}${suffix}`;
}
