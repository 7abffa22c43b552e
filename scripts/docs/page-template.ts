import { navigation } from './pages.ts';

/** A whole page of the site around its content. */
export function pageOf(file: string, title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'">
<title>${title} · Transfer contract</title>
<link rel="stylesheet" href="site.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a href="index.html">Transfer contract</a></header>
<nav aria-label="Pages">
${navigation.map((group) => navigationGroup(group, file)).join('\n')}
</nav>
<main id="content">
${content}
</main>
</body>
</html>
`;
}

function navigationGroup({ heading, pages }: (typeof navigation)[number], current: string): string {
  const items = pages.map(({ file, title }) => {
    const mark = file === current ? ' aria-current="page"' : '';
    return `<li><a href="${file}"${mark}>${title}</a></li>`;
  });
  return `<section>\n<h2>${heading}</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</section>`;
}
