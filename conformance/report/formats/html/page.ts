import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Report } from '../../report.ts';
import { caseContents, casesSection } from './cases-section.ts';
import { coverageSection } from './coverage-section.ts';
import { findingsSection } from './findings-section.ts';
import { exactly, html, Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import { signOf } from './outcomes.ts';
import { requirementsSection } from './requirements-section.ts';
import { runSection } from './run-section.ts';
import { summarySection } from './summary.ts';
import { timingsSection } from './timings.ts';

/** The style sheets, in the order in which they win. */
const styleFiles = ['colours', 'base', 'frame', 'findings', 'tables', 'matrix', 'cases', 'narrow', 'print'];

const icons = {
  good: '#1a7f4b',
  bad: '#c02b1d',
  warning: '#b7791f',
  known: '#6b46b8',
  open: '#4a6fa5',
  quiet: '#6b7280',
};

/**
 * The report for people at a browser: one page that needs nothing beside itself, asks nobody for anything, and lets
 * nothing that came from a server act.
 */
export function htmlReport(report: Report): string {
  const style = styleFiles.map((name) => ownFile(`style/${name}.css`)).join('\n');
  const script = ownFile('browser.js');
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const title = `${report.target.name}: ${report.verdict}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title.toWellFormed().replaceAll(/\p{C}/gu, '')}</title>
        <link rel="icon" href="${icon(report)}" />
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the report</a>
        <header class="top">
          <h1>Conformance of <code>${report.target.name}</code></h1>
          ${navigation(report)}
        </header>
        <main id="main" tabindex="-1">
          ${summarySection(report)} ${findingsSection(report)} ${matrixSection(report)}
          ${coverageSection(report.coverage)} ${requirementsSection(report)} ${timingsSection(report)}
          ${runSection(report)} ${casesSection(report)}
        </main>
        <p id="announcement" class="hidden" role="status" aria-live="polite"></p>
        ${dataElement('contents', caseContents(report))} ${new Markup(`<script>${script}</script>`)}
      </body>
    </html>`;
  return `${page.text}\n`;
}

function navigation({ findings }: Report): Markup {
  const places = [
    ['summary', 'Summary'],
    ['findings', `Findings ${findings.length}`],
    ['matrix', 'At a glance'],
    ['coverage', 'Coverage'],
    ['requirements', 'Requirements'],
    ['timings', 'Timings'],
    ['run', 'The run'],
    ['cases', 'Cases'],
  ];
  return html`<nav aria-label="Parts of the report">
    <ul>
      ${places.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
    </ul>
  </nav>`;
}

/** An element that holds a value as compressed JSON: exchanges are large, and much alike. */
function dataElement(id: string, value: unknown): Markup {
  const data = gzipSync(JSON.stringify(value)).toString('base64');
  return new Markup(`<script type="application/gzip" id="${id}">${data}</script>`);
}

function icon({ verdict }: Report): Markup {
  const colour = icons[signOf(verdict).tone];
  const image = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`;
  return exactly(`data:image/svg+xml,${encodeURIComponent(image)}`);
}

function ownFile(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
