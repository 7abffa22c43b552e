import { concealed } from './concealment.ts';
import { longestText, shortened } from './shortened.ts';
import type { CallReading, Exchange, ReceivedResponse, Readings, SentRequest } from './exchange.ts';

/** What stands for the token wherever an exchange is shown. */
export const tokenPlaceholder = '$CONFORMANCE_TOKEN';

/** How much of a longer text is searched for secrets, in characters: enough for those that end behind what is kept. */
const longestSearched = 3 * longestText;

/** How much at the end of what is searched may be the beginning of a secret that was cut, in characters. */
const longestBeginning = 1024;

/** The most cookies of an answer that are sought in texts, each of which takes time. */
const mostCookies = 64;

/** Stands for more cookies than are sought: no text can be shown then. */
const tooManyCookies = Symbol('too many cookies');

/**
 * An exchange without secrets, and with long bodies cut.
 *
 * @param hide - Takes the secrets out of a text.
 */
export function redacted(exchange: Exchange, hide: (text: string) => string): Exchange {
  const { request, response, readings } = exchange;
  return {
    ...exchange,
    request: redactedRequest(request, hide),
    response: response && redactedResponse(response, hide),
    failure: exchange.failure && { ...exchange.failure, message: hide(exchange.failure.message) },
    ...(readings && { readings: redactedReadings(readings, hide) }),
  };
}

/** What stands for the first half of the token, which one case sends to see it refused. */
const halfPlaceholder = '$HALF_OF_CONFORMANCE_TOKEN';

/** A text in which neither the token, nor its first half or more, occurs, in whatever encoding. */
export function hidden(text: string, token: string): string {
  return concealed(text, token, { whole: tokenPlaceholder, beginning: halfPlaceholder });
}

/** The values of the cookies that an answer sets, which are secrets of the target; one value for all if they are many. */
export function cookieValues({ response }: Exchange): (string | typeof tooManyCookies)[] {
  const fields = response?.headers['set-cookie'] ?? '';
  const values = new Set([...fields.matchAll(cookie)].map(([, , , value = '']) => value));
  const secret = [...values].filter(({ length }) => length >= shortestCookie);
  return secret.length > mostCookies ? [tooManyCookies] : secret;
}

function redactedRequest(request: SentRequest, hide: (text: string) => string): SentRequest {
  const body = request.body === undefined ? undefined : shortened(request.body);
  return { ...request, headers: redactedHeaders(request.headers, hide), body };
}

function redactedResponse(response: ReceivedResponse, hide: (text: string) => string): ReceivedResponse {
  const { body } = response;
  const text = shownOf(body.text, hide);
  return { ...response, headers: redactedHeaders(response.headers, hide), body: { ...body, text, json: undefined } };
}

/** A text without the value of a cookie. */
export function withoutCookie(text: string, value: string | typeof tooManyCookies): string {
  if (value === tooManyCookies) return '…';
  return concealed(text, value, { whole: '…', beginning: '…' });
}

/** A cookie at the beginning of a field: what is before its value, and the value. A date has no equals sign. */
const cookie = /((^|,\s*)[^=;,\s]+=)"?([^";,]*)"?/g;

/** The shortest value that is told apart from a word, in characters. */
const shortestCookie = 8;

function redactedHeaders(headers: Readonly<Record<string, string>>, hide: (text: string) => string) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      shownOf(name === 'set-cookie' ? value.replaceAll(cookie, '$1…') : value, hide),
    ]),
  );
}

function redactedReadings(readings: Readings, hide: (text: string) => string): Readings {
  const shown = (reading: CallReading): CallReading => {
    const { destinations, description } = reading;
    return {
      ...reading,
      destinations: destinations.map((destination) => shownOf(destination, hide)),
      description: shownOf(description, hide),
    };
  };
  const both = <Pair extends Pick<Readings, 'before' | 'after'>>(pair: Pair): Pair => {
    return { ...pair, before: shown(pair.before), after: shown(pair.after) };
  };
  return { ...both(readings), others: readings.others.map(both) };
}

/**
 * What is shown of a text: it is not searched beyond, since a server may send very much.
 *
 * @param hide - Takes the secrets out of a text.
 */
export function shownOf(text: string, hide: (text: string) => string): string {
  if (text.length <= longestSearched) return shortened(hide(text), longestText, text.length);
  const searched = hide(text.slice(0, longestSearched));
  const longest = Math.max(0, Math.min(longestText, searched.length - longestBeginning));
  return shortened(searched, longest, text.length);
}
