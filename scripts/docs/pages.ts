/** A page of the site that is made of a Markdown file of the repository. */
export interface Page {
  /** The file of the site. */
  readonly file: string;
  /** What the navigation calls it. */
  readonly title: string;
  /** The Markdown file, from the root of the repository. */
  readonly source: string;
}

/** A part of the site that something else than Markdown is made into. */
export interface MadePage {
  readonly file: string;
  readonly title: string;
}

/** The contract, as Redocly shows it. */
export const contractPage: MadePage = { file: 'contract.html', title: 'Contract' };

/** The report of a run against a server with faults. */
export const samplePage: MadePage = { file: 'sample-report/report.html', title: 'Sample report' };

/** The pages, grouped and in the order of the navigation. */
export const navigation: readonly { readonly heading: string; readonly pages: readonly (Page | MadePage)[] }[] = [
  {
    heading: 'Begin',
    pages: [{ file: 'index.html', title: 'Overview', source: 'README.md' }],
  },
  {
    heading: 'Guides',
    pages: [
      { file: 'implementer.html', title: 'You implement a server', source: 'scripts/docs/guides/implementer.md' },
      { file: 'client-author.html', title: 'You write a client', source: 'scripts/docs/guides/client-author.md' },
      { file: 'many-targets.html', title: 'You check many servers', source: 'scripts/docs/guides/many-targets.md' },
      { file: 'maintainer.html', title: 'You maintain the contract', source: 'scripts/docs/guides/maintainer.md' },
    ],
  },
  {
    heading: 'Contract',
    pages: [
      contractPage,
      { file: 'requirements.html', title: 'Requirements', source: 'conformance/REQUIREMENTS.md' },
      { file: 'decisions.html', title: 'Decisions', source: 'spec/decisions.md' },
    ],
  },
  {
    heading: 'Conformance suite',
    pages: [
      { file: 'conformance.html', title: 'How it works', source: 'conformance/README.md' },
      samplePage,
      { file: 'proof.html', title: 'Proof', source: 'conformance/PROOF.md' },
      { file: 'peers.html', title: 'Comparison with peers', source: 'conformance/PEERS.md' },
      { file: 'benchmark.html', title: 'Benchmark', source: 'scripts/bench/RESULTS.md' },
    ],
  },
  {
    heading: 'Project',
    pages: [
      { file: 'contributing.html', title: 'Contributing', source: 'CONTRIBUTING.md' },
      { file: 'changelog.html', title: 'Changelog', source: 'CHANGELOG.md' },
    ],
  },
];

/** The pages that are made of Markdown. */
export const markdownPages: readonly Page[] = navigation.flatMap(({ pages }) =>
  pages.filter((page) => 'source' in page),
);
