import type { Exchange, ReceivedResponse, SentRequest } from './exchange.ts';

/** What stands for the token wherever an exchange is shown. */
export const tokenPlaceholder = '$CONFORMANCE_TOKEN';

/** The longest body that is kept for a report, in characters. */
const longestText = 4096;

/**
 * An exchange without secrets, and with long bodies cut.
 *
 * @param hide - Takes the secrets out of a text.
 */
export function redacted(exchange: Exchange, hide: (text: string) => string): Exchange {
  const { request, response } = exchange;
  return {
    ...exchange,
    request: redactedRequest(request, hide),
    response: response && redactedResponse(response, hide),
    failure: exchange.failure && { ...exchange.failure, message: hide(exchange.failure.message) },
  };
}

/** What stands for the first half of the token, which one case sends to see it refused. */
const halfPlaceholder = '$HALF_OF_CONFORMANCE_TOKEN';

/** The shortest token whose half could not be taken for something else. */
const shortestHalved = 8;

/** A text in which neither the token, nor its first half, nor its usual encodings occur. */
export function hidden(text: string, token: string): string {
  if (token === '') return text;
  const base64 = Buffer.from(token).toString('base64');
  const forms = [token, encodeURIComponent(token), base64, base64.replace(/=+$/, '')];
  const shown = [...new Set(forms)].reduce((rest, form) => rest.replaceAll(form, tokenPlaceholder), text);
  return token.length < shortestHalved ? shown : shown.replaceAll(firstHalf(token), halfPlaceholder);
}

/** The first half of a token. */
export function firstHalf(token: string): string {
  return token.slice(0, Math.ceil(token.length / 2));
}

function redactedRequest(request: SentRequest, hide: (text: string) => string): SentRequest {
  const body = request.body === undefined ? undefined : shortened(request.body);
  return { ...request, headers: redactedHeaders(request.headers, hide), body };
}

function redactedResponse(response: ReceivedResponse, hide: (text: string) => string): ReceivedResponse {
  const { body } = response;
  const text = shortened(hide(body.text));
  return { ...response, headers: redactedHeaders(response.headers, hide), body: { ...body, text, json: undefined } };
}

function redactedHeaders(headers: Readonly<Record<string, string>>, hide: (text: string) => string) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, shortened(hide(value))]));
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}… (${text.length} characters)` : text;
}
