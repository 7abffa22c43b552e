import { optionRows, type NamedOptions } from '../../../cli/options.ts';
import type { Report, SelfCheck } from '../../model.ts';
import { capitalize, counted, seconds } from '../../texts.ts';
import { selfCheckSentence } from '../terminal.ts';
import { fact, fold, html, inlineList, requirementLink, section, table, type Content, type Markup } from './markup.ts';
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
    ...optionRows.flatMap(({ name, flag }): [string, Content][] => {
      const values = [(settings as NamedOptions)[name] ?? []].flat().filter((value) => value !== false);
      return values.length === 0 ? [] : [[flag, html`<code>${values.join(' ')}</code>`]];
    }),
    ['Generated values', fuzz ? `${counted(fuzz.values, 'value')}, seed ${fuzz.seed}` : 'none'],
  ];
  return section(
    'run',
    'The run',
    html`<dl class="facts run">${facts.map(([name, value]) => fact(name, value))}</dl>
      ${
        remarks.length > 0 &&
        html`<h3>Remarks</h3>
          <ul>
            ${remarks.map((remark) => html`<li>${remark}</li>`)}
          </ul>`
      }
      ${knownBlock(report)} ${selfCheckBlock(report)}`,
  );
}

function knownBlock({ known }: Report): Markup | undefined {
  if (known === undefined || known.failures.length === 0) return undefined;
  const rows = known.failures.map(
    ({ id, reason, until, state, line }) =>
      html`<tr>
        <td>${badge(state)}</td>
        <th scope="row">
          <code>${id}</code>
          <div class="aside">${reason}${until !== undefined && `, until ${until}`}, line ${line}</div>
        </th>
      </tr>`,
  );
  return html`<h3>Known failures</h3>
    ${table(['State', 'Failure'], [rows], `As listed in ${known.file}`, { hasVisibleCaption: true })}`;
}

function selfCheckBlock({ selfCheck }: Report): Markup | undefined {
  if (selfCheck === undefined) return undefined;
  const { tried, notApplicable, totals } = selfCheck;
  const caught = tried.filter(({ caughtBy }) => caughtBy.length > 0);
  const missed = tried.filter(({ caughtBy }) => caughtBy.length === 0);
  const occasions = [...Map.groupBy(notApplicable, ({ needs }) => needs)];
  return html`<h3>Self-check</h3>
    <p>${capitalize(selfCheckSentence(totals))}. No answer gave occasion to ${totals.notApplicable} more.</p>
    <ul>
      ${occasions.map(([needs, answers]) => html`<li class="aside">${answers.length} for want of ${needs}</li>`)}
    </ul>
    ${missed.length > 0 && wrongAnswerTable('Not caught', 'Why', missed)}
    ${
      caught.length > 0 &&
      fold(
        `${counted(caught.length, 'wrong answer')} that would have been caught`,
        wrongAnswerTable('Caught', 'By', caught),
        'more',
      )
    }`;
}

function wrongAnswerTable(caption: string, column: string, answers: SelfCheck['tried']): Markup {
  const rows = answers.map(
    ({ says, caughtBy, reason }) =>
      html`<tr>
        <th scope="row">${says}</th>
        <td>${reason ?? inlineList(caughtBy.map(requirementLink))}</td>
      </tr>`,
  );
  return table(['Wrong answer', column], [rows], caption, { hasVisibleCaption: true });
}
