/**
 * The sentences that allow a variant or that a mistake breaks, word for word.
 * `Page` is the documentation page, `Notes` is what is known beyond it.
 */
export const sentences = {
  parties: 'Page: Its value can be the phone number of the source or destination.',
  transfersTheCall: 'Page: Use this request to transfer a phone call to a third-party phone number.',
  identifies: 'Page: The request identifies the phone call using the User Id, Extension number, and [PhoneCall](#) Id.',
  returnsUpdated: 'Page: If successful, it returns the PhoneCall that was updated.',
  returnsStatuses:
    'Page: If successful, the request returns the [PhoneCall](#) that was updated and the following HTTP statuses:',
  ownsTheExtension: 'Page: Id of the User that owns the Extension involved in the call.',
  me: 'Page: @me - refers to the authenticated User .',
  viewer: 'Page: @viewer - also refers to the authenticated User .',
  owner: 'Page: @owner - refers to the User that owns the Extension used to make the phone call.',
  userId: 'Page: User-Id - refers to the unique identifier of the User.',
  extension: 'Page: Number of the Extension involved in the call.',
  self: 'Page: Use @self to match all the extensions under the User.',
  selfAndId: 'Page: If the Extension is unknown, you can use @self and phoneCallId to identify the phone call.',
  phoneCallId: 'Page: Id of a PhoneCall resource that must be updated.',
  allCalls: 'Page: If not provided, all phone calls owned by Extension are transferred.',
  action: 'Page: Action must be set to Transfer .',
  sendCallTo: 'Page: Phone number where the call is transferred. Can be an extension number or a public number.',
  transferNumberOptional: 'Page: transferNumber	UAPI-Extension-Number	No	The phone number of the party being transferred.',
  transferFrom: 'Page: The phone number of the party that transfers the call.',
  transferred: 'Page: The phone number of the party being transferred.',
  stringAction: 'Page: action	String	Yes	Action must be set to Transfer .',
  ok: 'Page: 200	The phone call is returned.',
  noContent: 'Page: 204	There are no phone calls to be returned.',
  accepted: 'Page: HTTP/1.1 202 Accepted',
  callInvalid:
    'Page: Value supplied in phoneCallId from the URI-Fragment is invalid. The parameter must be set to an alphanumeric value and reference an existing phone call.',
  callCode: 'Page: 400	pc_phoncall_invalid',
  sendCallToInvalid: 'Page: Value supplied in sendCallTo parameter is missing or invalid.',
  terminal: 'Page: The parameter must be set to the number of a phone terminal extension.',
  transferFromInvalid:
    'Page: Value supplied in transferFromNumber parameter is missing or invalid. The parameter must be set to the value of a phone number.',
  transferNumberInvalid:
    'Page: Value supplied in transferNumber parameter is missing or invalid. The parameter must be set to the value of a phone number.',
  anyError: 'Page: If any 4xx or 5xx status codes is returned, the body contains the [error response](#).',
  successIsJson:
    'Page: When the request is successful and 200 OK is returned, the body contains a JSON representation.',
  followLink:
    'Page: Use the link returned by the Service to list the details of the PhoneCall making a [List PhoneCall](#) request.',
  pageLink: 'Page: "link": { "self": "https://x.x.x.x//uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333" }',
  onBehalf: 'Page: The request is made by an App on behalf of a User.',
  contentType: 'Page: Content Type: application/json',
  exampleNumber: 'Page: "transferFromNumber": "0003*024"',
  errorBody: 'Notes: Body of every 4xx and 5xx: `{"error": {"code": string, "message": string}}`.',
  userInvalid: "Notes: userId is no user's id and none of @me, @viewer, @owner",
  extensionInvalid: 'Notes: extension is no existing extension number and not @self',
  accessDenied: 'Notes: | 401 | `access_denied` | not authorized',
  notImplemented: 'Notes: | 501 | `request_not_implemented` | the operation is not implemented |',
  forbidden: 'Notes: Real clients treat **403** as "the token has expired: fetch a new one and try once more".',
  spelling: "Notes: Clients match on what the page documents, so the page's spelling is the contract.",
  numberGrammar: 'Notes: `UAPI-Extension-Number = *( DIGIT / "*" ) / "@self"`, `UAPI-Phone-Number = *( DIGIT / "+" )`.',
  numberContract: 'Notes: | 7 | type UAPI-Extension-Number, but public numbers are sent | `^(?:\\+?[0-9]+|[0-9*]+)$` |',
  dates: 'Notes: Dates are XML Schema dateTime: both `Z` and `+03:00` occur.',
  nullsLeftOut: 'Notes: "fields that are NULL are not included in the response"',
  absent: 'Notes: `published`, `answered` (date, may be absent), `nonce`, `phoneCallView[]`, and a link object.',
  onlyId: 'Notes: only `id` is required; a server should also send `extension` and `link.self`',
  onePhoneCall: 'Notes: one PhoneCall object (never an array)',
  links:
    'Notes: The Transfer page calls it `link`, the resource page and one live answer seen by a client call it `links`.',
  views: 'Notes: PhoneCallView, always: `id`, `extension`, `source[]`, `destination[]`, `flow`',
  status:
    'Notes: `status` is a string in the Transfer page\'s example ("5") and a number in the resource page\'s (3); a client parses both.',
  entry: 'Notes: real clients get `{"entry": [PhoneCall]}` even for one id.',
  encoded: 'Notes: Generated clients percent-encode: `@me` travels as `%40me`; `*` stays as it is.',
  bothValid: 'Notes: both are valid; the error text is not normative',
  transferNumberMissing:
    'Notes: A server that answers 400 `pc_transfer_number_invalid` to a missing one deserves a warning, not a failure',
  malformedAndUnknown: 'Notes: malformed and unknown ids both answer 400 `pc_phoncall_invalid`',
  actionFree: 'Notes: any other action is refused with a 4xx or 501 and an error body; the code is free',
  linkReference: 'Notes: link.self is a URI reference; its double slash and host mean nothing',
  olderClients:
    'Notes: Older clients send `{action, sendCallTo, phoneCallViewId}` to `@me/@self/{id}` and accept 200 to 202.',
  trailingSlash: 'Notes: **with a trailing slash**',
  jsonParsed: 'Notes: every 2xx body is parsed as JSON',
  noMediaType: 'Notes: the header is Content-Type',
  silentOnTime: 'Page: Assuming that the request has been successful, the Service will send the following answer:',
  rfcAccepted:
    'RFC 9110 15.3.3: The 202 (Accepted) status code indicates that the request has been accepted for processing, but the processing has not been completed.',
  rfcTooLarge:
    'RFC 9110 15.5.14: The server is refusing to process a request because the request content is larger than the server is willing or able to process.',
  rfcUriTooLong:
    'RFC 9110 15.5.15: The server is refusing to service the request because the target URI is longer than the server is willing to interpret.',
  rfcFieldsTooLarge:
    'RFC 6585 5: The 431 status code indicates that the server is unwilling to process the request because its header fields are too large.',
  rfcChunked: 'RFC 9112 7.1: A recipient MUST be able to parse and decode the chunked transfer coding.',
  rfcChallenge:
    'RFC 9110 11.6.1: A server generating a 401 (Unauthorized) response MUST send a WWW-Authenticate header field containing at least one challenge.',
  rfcBusy:
    'RFC 6585 4: The 429 status code indicates that the user has sent too many requests in a given amount of time ("rate limiting").',
  rfcScheme: 'RFC 9110 11.1: It uses a case-insensitive token to identify the authentication scheme',
  rfcPercentCase:
    "RFC 3986 2.1: The uppercase hexadecimal digits 'A' through 'F' are equivalent to the lowercase digits 'a' through 'f', respectively.",
  rfcPercentSame:
    'RFC 3986 2.3: URIs that differ in the replacement of an unreserved character with its corresponding percent-encoded US-ASCII octet are equivalent',
  rfcTwice: 'RFC 3986 2.4: Implementations must not percent-encode or decode the same string more than once',
  rfcJsonOrder: 'RFC 8259 1: An object is an unordered collection of zero or more name/value pairs',
  rfcJsonSpace: 'RFC 8259 2: Insignificant whitespace is allowed before or after any of the six structural characters.',
  rfcJsonEscape: 'RFC 8259 7: Any character may be escaped.',
  rfcAcceptAny:
    'RFC 9110 12.5.1: The asterisk "*" character is used to group media types into ranges, with "*/*" indicating all media types',
  rfcJsonType:
    'RFC 9110 8.3: A sender that generates a message containing content SHOULD generate a Content-Type header field in that message',
  rfcMediaCase: 'RFC 9110 8.3.1: The type and subtype tokens are case-insensitive.',
  rfcHttp2: 'RFC 9113 3.3: A client can learn that a particular server supports HTTP/2 by other means.',
  rfcClose:
    'RFC 9112 9.6: The "close" connection option is defined as a signal that the sender will close this connection after completion of the response.',
} satisfies Record<string, string>;
