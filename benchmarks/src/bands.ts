/**
 * Methods for pictures that do not fit in memory, on drawn ones: seconds, processor seconds and peak memory of the process, in
 * bands from files and in memory. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/bands.ts
 *
 * Options: --json, --method NAME (one of `bandMethods.ts`, may be given again; default all), --size PX (default 4096), --band-rows N (default as many as
 * hold 4 million pixels), --compare (in memory too, and whether the results have the same hash), --folder PATH (scratch, default
 * a temporary one).
 */
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { bandSpace } from "@materiome/microstructure/mosaic";
import { BAND_METHODS, type Found } from "./bandMethods.ts";
import { report } from "./commandLine.ts";
import { provenance, provenanceLine } from "./provenance.ts";
import { type Cost, inFolder, measureCost, runStage } from "./stage.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    method: { type: "string", multiple: true, default: Object.keys(BAND_METHODS) },
    size: { type: "string", default: "4096" },
    "band-rows": { type: "string" },
    compare: { type: "boolean", default: false },
    folder: { type: "string" },
    stage: { type: "string" },
  },
});
const size = Number(options.size);
/** As `digitizeMosaic` has. */
const PIXELS_IN_BAND = 1 << 22;
const bandRows = Number(options["band-rows"] ?? Math.max(1, Math.floor(PIXELS_IN_BAND / size)));

interface Run extends Cost {
  /** Of the process before there was a picture. */
  readonly idleMemoryMB: number;
  readonly counts: Found["counts"];
  readonly sha256: string;
}

interface MethodResult {
  readonly method: string;
  readonly bands: Run;
  readonly memory?: Run;
  readonly isSame?: boolean;
}

if (options.stage !== undefined) console.log(JSON.stringify(run(options.method[0] ?? "", options.stage === "memory")));
else await inFolder(options.folder, benchmark);

/** Draws the picture, then measures the method. */
function run(name: string, isInMemory: boolean): Run {
  const space = bandSpace(size, size, isInMemory ? {} : { bandRows, folder: options.folder });
  const start = BAND_METHODS[name];
  if (start === undefined) throw new Error(`no method "${name}"; there are ${Object.keys(BAND_METHODS).join(", ")}`);
  const idleMemoryMB = process.resourceUsage().maxRSS / 1024;
  const task = start(space);
  const cost = measureCost();
  const found = isInMemory ? task.inMemory() : task.inBands();
  const measured = cost();
  const sha256 = hashOf(found);
  space.close();
  return { ...measured, idleMemoryMB, counts: found.counts, sha256 };
}

function hashOf({ image, rest }: Found): string {
  const hash = createHash("sha256");
  const rowsAtOnce = 64;
  if (image !== undefined) {
    for (let from = 0; from < image.height; from += rowsAtOnce)
      hash.update(image.read(from, Math.min(image.height, from + rowsAtOnce)));
  }
  return hash.update(JSON.stringify(rest ?? null)).digest("hex");
}

async function benchmark(folder: string): Promise<void> {
  const results: MethodResult[] = [];
  for (const method of options.method) {
    const given = { method, size, "band-rows": bandRows, folder };
    const bands = await runStage<Run>("bands", given);
    const memory = options.compare ? await runStage<Run>("memory", given) : undefined;
    results.push({ method, bands, ...(memory && { memory, isSame: bands.sha256 === memory.sha256 }) });
  }
  report({ suite: "bands", width: size, height: size, bandRows, results, ...provenance() }, (result) => {
    console.log(`${size} × ${size} px in bands of ${bandRows} rows`);
    for (const { method, bands, memory, isSame } of results) {
      console.log(`${method}: ${textOf(bands)}, ${JSON.stringify(bands.counts)}`);
      if (memory) console.log(`  in memory ${textOf(memory)}; the result is ${isSame ? "the same" : "another"}`);
    }
    console.log(provenanceLine(result));
  });
}

function textOf({ peakMemoryMB, seconds, processorSeconds }: Cost): string {
  return `${peakMemoryMB.toFixed(0)} MB, ${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor)`;
}
