/** An element whose message is the first line of its text. */
export function elementOf(name: string, type: string, text: string): string {
  const [first = ''] = text.split('\n');
  return `<${name} type="${type}" message="${escaped(first)}">${escaped(text)}</${name}>`;
}

/** What tells why a test case proves nothing. */
export function skippedLine(message: string): string {
  return `<skipped message="${escaped(message)}"/>`;
}

/** What is to be said of a test case beside its outcome, if anything. */
export function outputLines(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<system-out>${escaped(lines.join('\n'))}</system-out>`];
}

/** The properties of a test suite or case, as lines. */
export function propertyLines(properties: readonly (readonly [string, string])[]): string[] {
  const lines = properties.map(([name, value]) => `  <property name="${escaped(name)}" value="${escaped(value)}"/>`);
  return ['<properties>', ...lines, '</properties>'];
}

/** Lines that stand within an element. */
export function indented(lines: readonly string[], width: number): string[] {
  return lines.map((line) => `${' '.repeat(width)}${line}`);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** A text for an XML 1.0 document, in which most control characters may not occur at all. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? character);
}
