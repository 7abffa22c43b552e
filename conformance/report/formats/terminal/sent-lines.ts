import type { CaseResult } from '../../../run/result.ts';
import type { Exchange } from '../../../target/exchange.ts';
import { curlOf } from '../../curl.ts';
import type { Report } from '../../report.ts';
import { describeDifference, differencesOf } from '../../request-differences.ts';
import { isCut, shortened, visible } from '../../visible.ts';
import { field, type Line } from './layout.ts';

/** The longest body that is shown as a whole, in characters. */
const longestBody = 400;

/** What was sent, and in what it differs from what was accepted. */
export function sentLines(result: CaseResult, index: number, report: Report): Line[] {
  const { control, exchanges } = result;
  const { method, path, body } = (exchanges[index] as Exchange).request;
  const differences = differencesOf(result, index, report);
  const order = exchanges.length > 1 ? ` (request ${index + 1} of ${exchanges.length})` : '';
  const saysAll = control !== undefined && differences.length > 0;
  const whole = saysAll || body === undefined ? [] : [shortened(visible(body), longestBody)];
  const subject =
    control === undefined ? 'one that was accepted' : method === 'GET' ? 'a valid reading' : 'a valid transfer';
  const inWords = `${subject}, but ${differences.map(describeDifference).join(', and ')}`;
  return [
    ...field('sent', [`${method} ${path}${order}`, ...whole]),
    ...(differences.length === 0 ? [] : field('', [inWords], 'strong')),
  ];
}

/**
 * The command that sends a request again, alone on its line. What was cut for the report cannot be sent by hand, and one
 * of several requests may not show what all of them do.
 */
export function againLines({ id, exchanges }: CaseResult, { request }: Exchange, { target }: Report): Line[] {
  const only = `--only '${id}'`;
  if (isCut(request.body ?? ''))
    return field('again', [`the body is too long to show: run the case again with ${only}`]);
  const others = exchanges.length > 1 ? `this request alone; all ${exchanges.length} with ${only}` : '';
  return [...field('again', [others]), { text: curlOf(request, target.origin), whole: true }];
}
