import type { Report, SelfCheck } from '../../model.ts';
import { counted, seconds } from '../../texts.ts';
import { sharePercent } from '../terminal.ts';
import { html, requirementLink, type Content, type Markup } from './markup.ts';
import { badge } from './outcomes.ts';

/** Shows the settings of the run, its remarks, its known failures and its self-check. */
export function runSection(report: Report): Markup {
  const { tool, contract, target, settings, startedAt, duration, fuzz, remarks, exitCode, verdict } = report;
  const facts: [string, Content][] = [
    ['Target', html`<code>${target.name}</code>`],
    ['Verdict', `${verdict}, exit code ${exitCode}`],
    ['Started', html`<time datetime="${startedAt}">${startedAt}</time>`],
    ['Took', seconds(duration)],
    ['Tool', `${tool.name} ${tool.version}`],
    ['Contract', `${contract.title} ${contract.version}`],
    ['Contract SHA-256', html`<code>${contract.sha256}</code>`],
    ['Profiles', settings.profile.join(', ')],
    ['Only', settings.only.length === 0 ? 'all cases' : html`<code>${settings.only.join(' ')}</code>`],
    ...(settings.shard === undefined ? [] : [['Shard', settings.shard.replace('/', ' of ')] as [string, Content]]),
    ['Strict', settings.strict ? 'yes: a SHOULD counts as a MUST' : 'no: a SHOULD is a warning'],
    [
      'Requests at once',
      settings.rate === undefined ? settings.concurrency : `${settings.concurrency}, ${settings.rate} a second`,
    ],
    ...(settings.readOnly === true ? [['Read only', 'yes: no valid transfer was sent'] as [string, Content]] : []),
    ['Time limit', `${settings.timeout} ms for an answer, ${settings.effectTimeout} ms for its effect`],
    ['Generated values', fuzz ? `${counted(fuzz.values, 'value')}, seed ${fuzz.seed}` : 'none'],
  ];
  return html`<section id="run" aria-labelledby="run-heading">
    <h2 id="run-heading">The run</h2>
    <dl class="facts run">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${
      remarks.length > 0 &&
      html`<h3>Remarks</h3>
        <ul>
          ${remarks.map((remark) => html`<li>${remark}</li>`)}
        </ul>`
    }
    ${knownBlock(report)} ${selfCheckBlock(report)}
  </section>`;
}

function knownBlock({ known }: Report): Markup | undefined {
  if (known === undefined || known.failures.length === 0) return undefined;
  return html`<h3>Known failures</h3>
    <table>
      <caption>
        As listed in ${known.file}
      </caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Failure</th>
        </tr>
      </thead>
      <tbody>
        ${known.failures.map(
          ({ id, reason, until, state, line }) =>
            html`<tr>
              <td>${badge(state)}</td>
              <th scope="row">
                <code>${id}</code>
                <div class="aside">${reason}${until !== undefined && `, until ${until}`}, line ${line}</div>
              </th>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function selfCheckBlock({ selfCheck }: Report): Markup | undefined {
  if (selfCheck === undefined) return undefined;
  const { tried, totals } = selfCheck;
  const missed = tried.filter(({ caughtBy }) => caughtBy.length === 0);
  const rows = (some: typeof tried) =>
    some.map(
      ({ says, caughtBy, reason }) =>
        html`<tr>
          <th scope="row">${says}</th>
          <td>
            ${
              reason ??
              html`<ul class="inline">
                ${caughtBy.map((id) => html`<li>${requirementLink(id)}</li>`)}
              </ul>`
            }
          </td>
        </tr>`,
    );
  return html`<h3>Self-check</h3>
    <p>
      ${
        totals.tried === 0
          ? 'No wrong answer could be tried, since no case was run to its end.'
          : `${totals.caught} of ${totals.tried} wrong answers would have been caught (${sharePercent(totals)}), ${totals.warned} of them as a warning. No answer gave occasion to ${totals.notApplicable} more.`
      }
    </p>
    ${occasions(selfCheck.notApplicable)} ${missed.length > 0 && wrongAnswerTable('Not caught', 'Why', rows(missed))}
    ${
      totals.caught > 0 &&
      html`<details class="more">
        <summary>${counted(totals.caught, 'wrong answer')} that would have been caught</summary>
        ${wrongAnswerTable('Caught', 'By', rows(tried.filter(({ caughtBy }) => caughtBy.length > 0)))}
      </details>`
    }`;
}

/** Lists what the answers of the run lacked for further wrong answers to be tried. */
function occasions(notApplicable: SelfCheck['notApplicable']): Markup {
  const byNeeds = [...Map.groupBy(notApplicable, ({ needs }) => needs)];
  return html`<ul>
    ${byNeeds.map(([needs, missed]) => html`<li class="aside">${missed.length} for want of ${needs}</li>`)}
  </ul>`;
}

function wrongAnswerTable(caption: string, column: string, rows: readonly Markup[]): Markup {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Wrong answer</th>
        <th scope="col">${column}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
