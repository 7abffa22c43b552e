import type { CallReading, Exchange, Readings, ReceivedResponse } from './exchange.ts';
import { cookiesIn } from './redaction.ts';

/** The longest text that is kept of what a server sent for a report, in characters. */
export const longestText = 4096;

/** The longest text of a server within a sentence, in characters. */
export const longestPhrase = 200;

/**
 * The length of the part of a longer text that is searched for secrets, in characters. It is enough for secrets that
 * end behind the part that is kept.
 */
const longestSearched = 3 * longestText;

/**
 * Returns an exchange without secrets, and with long bodies cut.
 *
 * @param hide - Takes the secrets out of a text.
 */
export function redacted(exchange: Exchange, hide: (text: string) => string): Exchange {
  const { about: _, request, response, failure, readings, ...rest } = exchange;
  const shown = (text: string) => shownOf(text, hide);
  const both = <Pair extends Pick<Readings, 'before' | 'after'>>(pair: Pair): Pair => {
    return { ...pair, before: redactedReading(pair.before, shown), after: redactedReading(pair.after, shown) };
  };
  const body = request.body === undefined ? undefined : shortened(request.body);
  return {
    ...rest,
    request: { ...request, headers: redactedHeaders(request.headers, shown, (name) => name), body },
    response: response && redactedResponse(response, shown),
    failure: failure && { ...failure, message: hide(failure.message) },
    ...(readings && { readings: { ...both(readings), others: readings.others.map(both) } }),
  };
}

function redactedResponse(response: ReceivedResponse, shown: (text: string) => string): ReceivedResponse {
  const { headers, body } = response;
  const shownBody = { ...body, text: shown(body.text), json: undefined };
  return { ...response, headers: redactedHeaders(headers, shown), body: shownBody };
}

/** Names of requests are shown as they are: the suite and the command line know no secret ones. */
function redactedHeaders(
  headers: Readonly<Record<string, string>>,
  shown: (text: string) => string,
  shownName = shown,
) {
  const withoutCookies = (fields: string) => {
    return cookiesIn(fields)
      .map(({ name, attributes }) => `${name}…${attributes}`)
      .join(', ');
  };
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      shownName(name),
      shown(name === 'set-cookie' ? withoutCookies(value) : value),
    ]),
  );
}

function redactedReading(reading: CallReading, shown: (text: string) => string): CallReading {
  const { sources, destinations, description, ...rest } = reading;
  return {
    ...rest,
    sources: sources.map(shown),
    destinations: destinations.map(shown),
    description: shown(description),
  };
}

/**
 * Returns what is shown of a text. It is not searched beyond, since a server may send very much.
 *
 * @param hide - Takes the secrets out of a text.
 */
export function shownOf(text: string, hide: (text: string) => string): string {
  if (text.length <= longestSearched) return shortened(hide(text), longestText, text.length);
  const searched = hide(copied(text.slice(0, longestSearched)));
  // The end of what is searched may be the beginning of a piece.
  const longest = Math.max(0, Math.min(longestText, searched.length - longestPiece));
  return shortened(searched, longest, text.length);
}

/** The longest way in which a piece is written, in characters. */
const longestPiece = 1024;

/**
 * Returns a text that is cut, and tells its length, if it is longer than somebody reads.
 *
 * @param length - Its length before anything was taken out of it.
 */
export function shortened(text: string, longest = longestText, length = text.length): string {
  return text.length > longest ? `${copied(text.slice(0, longest))}… (${length} characters)` : text;
}

/** Copies a part of a text to new memory. Otherwise the part would keep the whole text alive. */
function copied(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le');
}
