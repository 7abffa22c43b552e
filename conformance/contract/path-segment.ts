/** Undoes the percent-encoding of a path segment. Returns undefined if the encoding is malformed (RFC 3986 section 2.1). */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** A segment of a path template: the parameters in it, and the texts that it matches. */
interface TemplateSegment {
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

const templates = new Map<string, readonly TemplateSegment[]>();

/** Returns the segments of the path of an operation. */
export function pathTemplate(path: string): readonly TemplateSegment[] {
  const known = templates.get(path);
  if (known !== undefined) return known;
  const template = path
    .split('/')
    .slice(1)
    .map((segment): TemplateSegment => {
      const parts = segment.split(/\{(.+?)\}/);
      const literals = parts
        .filter((_, index) => index % 2 === 0)
        .map((literal) => literal.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
      return { names: parts.filter((_, index) => index % 2 === 1), pattern: RegExp(`^${literals.join('(.*)')}$`, 's') };
    });
  templates.set(path, template);
  return template;
}

/** Returns the values of the parameters of a path in some segments, or undefined if these are of another path. */
export function pathValues(path: string, segments: readonly string[]): Record<string, string> | undefined {
  const template = pathTemplate(path);
  if (segments.length !== template.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, { names, pattern }] of template.entries()) {
    const [, ...found] = pattern.exec(segments[index] ?? '') ?? [];
    if (found.length !== names.length || !pattern.test(segments[index] ?? '')) return undefined;
    for (const [place, name] of names.entries()) values[name] = found[place] ?? '';
  }
  return values;
}
