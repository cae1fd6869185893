import { join } from "node:path";
import { createRandom, writeFileAtomic } from "@materiome/core";
import { demoReport } from "../demo/demoReport.ts";
import { type DemoSummary, demoSummary } from "../demo/demoSummary.ts";
import { processMap } from "../demo/processMap.ts";
import { type DemoResult, runDemo } from "../demo/runDemo.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";

export interface DemoCommandOptions extends CommonOptions {
  readonly out: string;
}

/** `materiome demo`: the whole loop, a report and ten lines that say what was learned. */
export async function runDemoCommand(options: DemoCommandOptions, session: Session): Promise<void> {
  const started = performance.now();
  await prepareFolder(options.out);
  session.note("simulating a furnace, a microscope and a tensile test; about a minute …");
  const result = await runDemo(options.out, {
    random: createRandom(session.seed).fork("demo"),
    threads: session.threads,
    signal: session.signal,
    onProgress: session.onProgress,
  });
  const startUm = result.startsUm[result.materialInHand] ?? Number.NaN;
  const map = await processMap(result.chain, startUm);
  const summary = demoSummary(result, session.seed, (performance.now() - started) / 1000);
  const report = join(options.out, "report.html");
  await writeFileAtomic(report, await demoReport(result, summary, map));
  await writeFileAtomic(join(options.out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  session.result(summary);
  session.output(lines(result, summary, report).join("\n"));
  session.note(
    "now yours: materiome digitize PICTURE.tif --pixel-size UM --out out/mine, or materiome train TABLE.csv --target COLUMN",
  );
}

/** Ten lines for the terminal. */
function lines(result: DemoResult, summary: DemoSummary, report: string): string[] {
  const { grainSize, activationEnergy: q, processToGrainSize, grainSizeToStrength, wanted } = summary;
  const settings = result.checked.map((c) => `${c.temperatureC} °C/${c.timeMin} min`).join(", ");
  const nRuns = result.checked.flatMap((c) => c.strengthsMPa).length;
  const sizes = result.samples.map((s) => s.trueGrainSizeUm);
  return [
    `made      ${summary.nSamples} annealed samples, grains of ${Math.min(...sizes).toFixed(1)} … ${Math.max(...sizes).toFixed(1)} µm, at least ${grainSize.fewestGrains} grains a picture`,
    `measured  grain size from pixels alone: off by ${grainSize.meanAbsoluteErrorPct.toFixed(1)} % on average, grain count by ${grainSize.grainCountErrorPct.toFixed(1)} %`,
    `physics   activation energy from the pictures: ${q.fittedKJPerMol.toFixed(0)} ± ${q.standardErrorKJPerMol.toFixed(0)} kJ/mol, true ${q.trueKJPerMol}`,
    `learned   process → grain size: error ${processToGrainSize.mae.toFixed(2)} µm (guessing: ${processToGrainSize.meanBaselineMae.toFixed(2)}), R² ${processToGrainSize.r2.toFixed(3)}`,
    `learned   grain size → strength: error ${grainSizeToStrength.mae.toFixed(1)} MPa (guessing: ${grainSizeToStrength.meanBaselineMae.toFixed(1)}), R² ${grainSizeToStrength.r2.toFixed(3)}`,
    `asked     ${wanted.strengthMPa} ± ${wanted.toleranceMPa} MPa from material with ${wanted.startingGrainSizeUm.toFixed(1)} µm grains`,
    `answered  ${settings}`,
    `checked   ${nRuns} fresh anneals at these settings gave ${summary.meanAchievedMPa.toFixed(1)} MPa on average`,
    `          ${Math.round(summary.shareMet * nRuns)} of ${nRuns} met the order; the model expected ${(summary.expectedShare * nRuns).toFixed(1)}`,
    `look      ${report} (${summary.seconds.toFixed(0)} s, seed ${summary.seed})`,
  ];
}
