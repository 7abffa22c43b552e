import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { findOverallCause } from '../../hints.ts';
import type { Report, Verdict } from '../../model.ts';
import { capitalize, counted, seconds } from '../../texts.ts';
import type { Totals } from '../../verdict.ts';
import { caseContents, casesSection } from './cases.ts';
import { findingsSection } from './findings.ts';
import { escapeExactly, html, Markup, type Content } from './markup.ts';
import { findSign, totalsBar } from './outcomes.ts';
import { coverageSection, matrixSection, requirementsSection } from './requirements.ts';
import { runSection } from './run.ts';

const style = readFileSync(new URL('report.css', import.meta.url), 'utf8');

const icons = {
  good: '#1a7f4b',
  bad: '#c02b1d',
  warning: '#b7791f',
  known: '#6b46b8',
  open: '#4a6fa5',
  quiet: '#6b7280',
};

/** The parts of the page by their ids, with their names in the navigation. */
const parts: Readonly<Record<string, readonly [name: string, make: (report: Report) => Markup]>> = {
  summary: ['Summary', summarySection],
  findings: ['Findings', findingsSection],
  matrix: ['At a glance', matrixSection],
  coverage: ['Coverage', coverageSection],
  requirements: ['Requirements', requirementsSection],
  run: ['The run', runSection],
  cases: ['Cases', casesSection],
};

/** Writes the report for a browser: one page that needs no other file, and on which nothing from a server can act. */
export function htmlReport(report: Report): string {
  const { findings, target, verdict } = report;
  return htmlPage({
    title: `${target.name}: ${verdict}`,
    heading: html`Conformance of <code>${target.name}</code>`,
    subject: 'report',
    verdict,
    navigation: html`<nav aria-label="Parts of the report">
      <ul>
        ${Object.entries(parts).map(([id, [name]]) => html`<li><a href="#${id}">${name}${id === 'findings' && ` ${findings.length}`}</a></li>`)}
      </ul>
    </nav>`,
    main: html`${Object.values(parts).map(([, make]) => make(report))}`,
    data: caseContents(report),
  });
}

/** The parts of a page. */
interface PageParts {
  readonly title: string;
  readonly heading: Markup;
  /** The word for what the main part shows. */
  readonly subject: string;
  readonly verdict: Verdict;
  readonly navigation?: Markup;
  readonly main: Markup;
  /** The data of the page's script; the page has no script without it. */
  readonly data?: unknown;
}

/** Makes a page whose policy allows its own style and script, and nothing else. */
export function htmlPage({ title, heading, subject, verdict, navigation, main, data }: PageParts): string {
  const script = data === undefined ? undefined : readFileSync(new URL('browser.js', import.meta.url), 'utf8');
  const policy = [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashSource(script)}`]),
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title.toWellFormed().replaceAll(/\p{C}/gu, '')}</title>
        <link rel="icon" href="${verdictIcon(verdict)}" />
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the ${subject}</a>
        <header class="top">
          <h1>${heading}</h1>
          ${navigation}
        </header>
        <main id="main" tabindex="-1">${main}</main>
        ${
          script !== undefined &&
          html`<p id="announcement" class="hidden" role="status" aria-live="polite"></p>
            ${dataElement('contents', data)} ${new Markup(`<script>${script}</script>`)}`
        }
      </body>
    </html>`;
  return `${page.text}\n`;
}

/** Makes an element that holds a value as compressed JSON: exchanges are large, and much alike. */
function dataElement(id: string, value: unknown): Markup {
  const data = gzipSync(JSON.stringify(value)).toString('base64');
  return new Markup(`<script type="application/gzip" id="${id}">${data}</script>`);
}

function verdictIcon(verdict: Verdict): Markup {
  const colour = icons[findSign(verdict).tone];
  const image = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`;
  return escapeExactly(`data:image/svg+xml,${encodeURIComponent(image)}`);
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The parts of a summary. */
interface SummaryParts {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly cause?: string | undefined;
  /** The totals by the noun of what is counted. */
  readonly totals: Readonly<Record<string, Totals>>;
  readonly facts: Content;
}

/** Shows a verdict with its totals. */
export function verdictSection({ verdict, sentence, cause, totals, facts }: SummaryParts): Markup {
  const { tone, sign } = findSign(verdict);
  return html`<section id="summary" aria-labelledby="verdict" class="summary">
    <div class="verdict ${tone}">
      <span class="verdict-sign" aria-hidden="true">${sign}</span>
      <div>
        <h2 id="verdict">${capitalize(verdict)}</h2>
        <p>${sentence}</p>
        ${cause !== undefined && html`<p class="cause">${cause}</p>`}
      </div>
    </div>
    <div class="bars">${Object.entries(totals).map(([noun, counts]) => totalsBar(noun, counts))}</div>
    <p class="aside">${facts}</p>
  </section>`;
}

/** Shows a time of the day in UTC. */
export function timeElement(time: string): Markup {
  return html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

function summarySection(report: Report): Markup {
  const { verdict, target, contract, tool, startedAt, duration, totals } = report;
  return verdictSection({
    verdict,
    sentence: verdictSentence(report),
    cause: findOverallCause(report),
    totals,
    facts: html`${target.name}, held against ${contract.title} ${contract.version} by ${tool.name} ${tool.version} on
    ${timeElement(startedAt)}, in ${seconds(duration)}.`,
  });
}

function verdictSentence({ verdict, totals: { requirements: totals }, requirements }: Report): string {
  const reached = (totals.met ?? 0) + (totals.violated ?? 0) + (totals.warned ?? 0) + (totals.known ?? 0);
  const unreached = requirements.filter(({ outcome, level }) => outcome === 'unreached' && level === 'MUST').length;
  const warned = totals.warned === undefined ? '' : ` ${counted(totals.warned, 'recommendation')} not followed.`;
  switch (verdict) {
    case 'conforming':
      return `No requirement is violated, and no MUST stayed unreached.${warned}`;
    case 'not conforming':
      return `${totals.violated} of the ${counted(reached, 'requirement')} that could be checked ${totals.violated === 1 ? 'is' : 'are'} violated.${warned}`;
    case 'incomplete':
      return `Nothing is violated, but ${counted(unreached, 'requirement')} that must be met could not be checked.${warned}`;
    default:
      return 'No case was run, or the suite itself failed: this says nothing about the server.';
  }
}
