import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { optionRows, type NamedOptions } from '../../../cli/options.ts';
import { findOverallCause } from '../../hints.ts';
import type { KnownResults, Report } from '../../model.ts';
import { capitalize, excuseText, seconds } from '../../texts.ts';
import { verdictText, type Totals } from '../../verdict.ts';
import { listFacts } from '../../view.ts';
import { renderPlain, selfCheckLines } from '../lines.ts';
import { caseContent } from './case.ts';
import { badge, factList, findSign, html, list, Markup, section, totalsBar, type Content } from './markup.ts';
import { casesSection, coverageSection, findingsSection, requirementsSection } from './sections.ts';

const style = readFileSync(new URL('report.css', import.meta.url), 'utf8');

/** The parts of the page by their ids, with their names in the navigation. */
const parts: Readonly<Record<string, readonly [name: string, make: (report: Report) => Markup]>> = {
  summary: ['Summary', summarySection],
  findings: ['Findings', findingsSection],
  requirements: ['Requirements', requirementsSection],
  coverage: ['Coverage', coverageSection],
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
    navigation: html`<nav aria-label="Parts of the report">
      <ul>
        ${Object.entries(parts).map(([id, [name]]) => html`<li><a href="#${id}">${name}${id === 'findings' && ` ${findings.length}`}</a></li>`)}
      </ul>
    </nav>`,
    main: html`${Object.values(parts).map(([, make]) => make(report))}`,
    data: packCases(report),
  });
}

/** The number of cases that are packed together: what is in all of them at once takes as much memory as the run. */
const packedTogether = 50;

/** Packs what is in the cases, by their ids, into lines. Exchanges are large, and much alike. */
function packCases(report: Report): string {
  const packs: string[] = [];
  for (let start = 0; start < report.cases.length; start += packedTogether) {
    const cases = report.cases.slice(start, start + packedTogether);
    const contents = cases.map((result) => [`case/${result.id}`, caseContent(result, report).text]);
    packs.push(gzipSync(JSON.stringify(Object.fromEntries(contents))).toString('base64'));
  }
  return packs.join('\n');
}

/** Makes a page whose policy allows its own style and script, and nothing else. */
export function htmlPage({
  title,
  heading,
  subject,
  navigation,
  main,
  data,
}: {
  readonly title: string;
  readonly heading: Markup;
  /** The word for what the main part shows. */
  readonly subject: string;
  readonly navigation?: Markup;
  readonly main: Markup;
  /** The data of the page's script, a line for each pack; the page has no script without it. */
  readonly data?: string;
}): string {
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
        <link rel="icon" href="data:," />
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
            ${new Markup(`<script type="application/gzip" id="contents">${data}</script><script>${script}</script>`)}`
        }
      </body>
    </html>`;
  return `${page.text}\n`;
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

export function verdictSection({
  verdict,
  heading,
  remark,
  totals,
  facts,
}: {
  readonly verdict: string;
  readonly heading: string;
  /** A sentence below the heading. */
  readonly remark: string | undefined;
  /** The totals by the noun of what is counted. */
  readonly totals: Readonly<Record<string, Totals>>;
  readonly facts: Content;
}): Markup {
  const { tone, sign } = findSign(verdict);
  return html`<section id="summary" aria-labelledby="verdict" class="summary">
    <div class="verdict ${tone}">
      <span class="verdict-sign">${sign}</span>
      <div>
        <h2 id="verdict">${heading}</h2>
        ${remark !== undefined && html`<p>${remark}</p>`}
      </div>
    </div>
    <div class="bars">${Object.entries(totals).map(([noun, counts]) => totalsBar(noun, counts))}</div>
    <p class="aside">${facts}</p>
  </section>`;
}

export function timeElement(time: string): Markup {
  return html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

function summarySection(report: Report): Markup {
  const { verdict, contract, startedAt, duration, totals } = report;
  return verdictSection({
    verdict,
    heading: capitalize(verdictText(report)),
    remark: findOverallCause(report),
    totals,
    facts: html`Held against ${contract.title} ${contract.version} on ${timeElement(startedAt)}, in
    ${seconds(duration)}.`,
  });
}

/** Shows the facts about the run, its options, its known failures and its self-check. */
function runSection(report: Report): Markup {
  const { settings, known, selfCheck } = report;
  const options = optionRows.flatMap(({ name, flag }): [string, Content][] => {
    const values = [(settings as NamedOptions)[name] ?? []].flat().filter((value) => value !== false);
    return values.length === 0 ? [] : [[flag, html`<code>${values.join(' ')}</code>`]];
  });
  const facts = listFacts(report).map(([name, text]): [string, Content] => [capitalize(name), text]);
  return section(
    'run',
    'The run',
    html`${factList([...facts, ...options], 'run')} ${known && knownList(known)}
    ${
      selfCheck &&
      html`<h3>Self-check</h3>
        <pre tabindex="0">${renderPlain(selfCheckLines(selfCheck)).join('\n')}</pre>`
    }`,
  );
}

function knownList({ file, failures }: KnownResults): Markup {
  const items = failures.map(({ id, state, line, ...excuse }) => {
    return html`${badge(state)} <code>${id}</code> <span class="aside">${excuseText(excuse)}, line ${line}</span>`;
  });
  return html`<h3>Known failures in <code>${file}</code></h3>
    ${list('checks', items)}`;
}
