interface ElementRule {
  readonly within: readonly string[];
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

const outcomes = ['failure', 'error', 'skipped'];

/** What readers of JUnit agree on: the schema of Jenkins, and the file, line and properties of a test case beside it. */
const rules: Readonly<Record<string, ElementRule>> = {
  testsuites: { within: [''], optional: ['name', 'time', 'tests', 'failures', 'errors'] },
  testsuite: {
    within: ['testsuites'],
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['skipped', 'time', 'timestamp', 'hostname', 'id', 'package'],
  },
  properties: { within: ['testsuite', 'testcase'] },
  property: { within: ['properties'], required: ['name', 'value'] },
  testcase: { within: ['testsuite'], required: ['name'], optional: ['classname', 'time', 'file', 'line'] },
  ...Object.fromEntries(outcomes.map((name) => [name, { within: ['testcase'], optional: ['type', 'message'] }])),
  'system-out': { within: ['testcase', 'testsuite'] },
};

interface OpenElement {
  readonly name: string;
  readonly tests: number;
  readonly children: string[];
}

/** What keeps a document from being well-formed, or from being JUnit. */
export function problemsOfJunit(document: string): string[] {
  const problem = problemOfXml(document);
  if (problem !== undefined) return [problem];
  const problems: string[] = [];
  const open: OpenElement[] = [];
  for (const [, slash, name = '', rest = ''] of document.matchAll(/<(\/?)([A-Za-z][\w-]*)([^>]*)>/g)) {
    if (slash !== '/') {
      const attributes = new Map(
        [...rest.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
      );
      problems.push(...problemsOfElement(name, open.at(-1)?.name ?? '', [...attributes.keys()]));
      open.at(-1)?.children.push(name);
      open.push({ name, tests: Number(attributes.get('tests')), children: [] });
    }
    if (slash === '/' || rest.endsWith('/')) problems.push(...problemsOfChildren(open.pop()));
  }
  return problems;
}

function problemsOfChildren({ name, tests, children }: OpenElement = { name: '', tests: 0, children: [] }): string[] {
  const cases = children.filter((child) => child === 'testcase').length;
  if (name === 'testsuite' && cases !== tests) return [`a suite says tests="${tests}", but has ${cases}`];
  return children.filter((child) => outcomes.includes(child)).length > 1 ? ['a test case has two outcomes'] : [];
}

function problemsOfElement(name: string, within: string, attributes: readonly string[]): string[] {
  const rule = rules[name];
  if (rule === undefined) return [`${name} is no element of JUnit`];
  const { required = [], optional = [] } = rule;
  return [
    ...(rule.within.includes(within) ? [] : [`${name} within ${within}`]),
    ...attributes
      .filter((attribute) => ![...required, ...optional].includes(attribute))
      .map((attribute) => `${name} has an attribute ${attribute}`),
    ...required.filter((attribute) => !attributes.includes(attribute)).map((attribute) => `${name} lacks ${attribute}`),
  ];
}

/** What keeps a document, without declarations of its own, from being well-formed XML 1.0. */
export function problemOfXml(document: string): string | undefined {
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(document)) return 'has a forbidden character';
  const open: string[] = [];
  let roots = 0;
  const tokens = document.replace(/^<\?xml [^<>?]*\?>\n/, '').match(/<[^>]*>|[^<]+/g) ?? [];
  for (const token of tokens) {
    const text = token.startsWith('<') ? [...token.matchAll(/"([^"]*)"/g)].map(([, value]) => value).join('') : token;
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);)/.test(text)) return `has an unknown entity in ${text}`;
    if (!token.startsWith('<')) {
      if (token.includes(']]>')) return 'ends a CDATA section that it has not begun';
      if (open.length === 0 && token.trim() !== '') return 'has text outside its root';
      continue;
    }
    const [, slash, name = '', rest = ''] = /^<(\/?)([A-Za-z][\w-]*)([^]*)>$/.exec(token) ?? [];
    if (slash === '/') {
      if (open.pop() !== name) return `closes ${name}, which is not the last that is open`;
      continue;
    }
    if (!/^(?: [A-Za-z][\w-]*="[^"<]*")*\/?$/.test(rest)) return `has text in the tag ${token}`;
    if (open.length === 0 && roots++ > 0) return 'has more than one root';
    if (!rest.endsWith('/')) open.push(name);
  }
  return open.length === 0 ? undefined : `leaves ${open.join(', ')} open`;
}
