import type { JsonValue } from '../contract/json.ts';
import { withHeader, withJson, withText, withUnreadable, type Change, type Row } from './wrong-answer.ts';

const page = '<!DOCTYPE html><html><body><h1>Telephone system</h1></body></html>';

/** Bodies without the JSON object that is documented. */
export const noObjects: readonly Row<Change>[] = [
  ['empty', 'without a body', withText(() => '')],
  ['not-json', 'with a body that is not JSON', withText(() => 'OK')],
  ['truncated', 'with JSON that is cut short', withText((text) => text.slice(0, -1))],
  ['followed', 'with JSON and something behind it', withText((text) => `${text}}`)],
  ['twice', 'with two JSON texts', withText((text) => text + text)],
  ['byte-order-mark', 'with a byte order mark before its JSON', withText((text) => `\ufeff${text}`)],
  ['comment', 'with a comment before its JSON', withText((text) => `/* the call */${text}`)],
  ['trailing-comma', 'with a comma after its last member', withText((text) => text.replace(/\}\s*$/, ',}'))],
  ['bare-names', 'with names without quotes', withText((text) => text.replace(/"(\w+)":/g, '$1:'))],
  ['single-quotes', 'with JSON in single quotes', withText((text) => text.replaceAll('"', "'"))],
  ['page', 'with a page for people', withText(() => page, 'text/html')],
  ['page-as-json', 'with a page for people that is declared as JSON', withText(() => page)],
  ['not-utf-8', 'with bytes that are not UTF-8', withUnreadable('{"id":"\u00fc"}', 'the body is not UTF-8')],
  [
    'nested',
    'with JSON that is nested 5000 deep',
    withUnreadable(`${'['.repeat(5000)}${']'.repeat(5000)}`, 'the body is nested 5000 deep'),
  ],
  ['null', 'with null', withJson(() => null)],
  ['true', 'with true', withJson(() => true)],
  ['number', 'with a number', withJson(() => 1)],
  ['in-text', 'with its JSON inside a string', withJson((value) => JSON.stringify(value))],
  ['empty-object', 'with an empty object', withJson(() => ({}))],
  ['empty-array', 'with an empty array', withJson(() => [])],
  ['in-array', 'with an array around the object', withJson((value) => [value])],
  ['wrapped', 'with the object below a member data', withJson((value): JsonValue => ({ data: value }))],
];

/** Media types that are not the documented one. */
export const mediaTypes: readonly Row<Change>[] = [
  ['undeclared', 'without a media type', withHeader('content-type', undefined)],
  ['text', 'declared as text/plain', withHeader('content-type', 'text/plain')],
  ['html', 'declared as text/html', withHeader('content-type', 'text/html; charset=utf-8')],
  ['xml', 'declared as application/xml', withHeader('content-type', 'application/xml')],
  ['text-json', 'declared as text/json', withHeader('content-type', 'text/json')],
  ['longer-name', 'declared as application/jsonp', withHeader('content-type', 'application/jsonp')],
];
