import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { writeSampleReport } from '../docs/sample-report.ts';
import { runScript } from '../generation/run-script.ts';
import { launchChromium } from './chromium.ts';
import { openReport, type View } from './report-page.ts';

interface Picture extends View {
  readonly name: string;
  readonly of: 'sample' | 'mock';
  readonly height: number;
}

const pictures: readonly Picture[] = [
  { name: 'report', of: 'sample', width: 1280, height: 760 },
  { name: 'report-dark', of: 'sample', width: 1280, height: 760, colorScheme: 'dark' },
  { name: 'report-narrow', of: 'sample', width: 390, height: 844 },
  { name: 'report-narrow-dark', of: 'sample', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'report-coverage', of: 'sample', width: 1280, height: 760, fragment: '#coverage' },
  { name: 'report-conforming', of: 'mock', width: 1280, height: 760 },
];

/**
 * Runs the suite against a server with two faults and against the mock, and takes pictures of both reports.
 *
 * @returns The paths of the pictures.
 */
export async function takeScreenshots(chromium: string, folder: string): Promise<string[]> {
  const reports = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const browser = await launchChromium(chromium);
  try {
    await mkdir(folder, { recursive: true });
    await writeSampleReport(join(reports, 'sample'));
    await writeReportOfMock(join(reports, 'mock'));
    const paths: string[] = [];
    for (const { name, of, height, ...view } of pictures) {
      const path = join(folder, `${name}.png`);
      const { page, complaints } = await openReport(browser, join(reports, of, 'report.html'), view);
      if (complaints.length > 0) throw new Error(`The report complains in the browser: ${complaints.join('; ')}`);
      await page.setViewportSize({ width: view.width ?? 1280, height });
      await page.screenshot({ path });
      await page.close();
      paths.push(path);
    }
    return paths;
  } finally {
    await browser.close();
    await rm(reports, { recursive: true });
  }
}

async function writeReportOfMock(folder: string): Promise<void> {
  const command = fileURLToPath(new URL('../conformance.ts', import.meta.url));
  const { CONFORMANCE_TOKEN: _, ...environment } = process.env;
  const { exitCode, stderr } = await runScript(command, ['--report', folder], environment);
  if (exitCode !== 0) throw new Error(`The run of the mock ended with exit code ${exitCode}: ${stderr.trim()}`);
}
