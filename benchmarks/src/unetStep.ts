// A training step and a prediction of the U-Net beside PyTorch on the CPU: same network, losses and optimiser, in turns; and the prediction by
// the U-Net as an ONNX file. `--onnxruntime DIR` names a folder where `npm install --ignore-scripts onnxruntime-node` was run; without it,
// WebAssembly runs the file.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/unetStep.ts
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import {
  type BatchSource,
  closeWorkers,
  createRandom,
  createRaster,
  type ImageBatch,
  type Progress,
  type Raster,
  type Segmenter,
} from "@materiome/core";
import {
  createUNetSegmenter,
  exportUNetOnnx,
  type OnnxRuntime,
  type OnnxSegmenter,
  readOnnxSegmenter,
  type UNetSegmenter,
} from "@materiome/forward/nets";
import { median } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface UNetStepOptions {
  /** Steps timed in each round. @defaultValue 10 */
  readonly steps?: number;
  /** @defaultValue 3 */
  readonly rounds?: number;
  /** Edge of the image that is predicted, px. @defaultValue 1024 */
  readonly side?: number;
  /** Leaves PyTorch out. @defaultValue false */
  readonly isAlone?: boolean;
  /** Folder with `onnxruntime-node`. @defaultValue none: `onnxruntime-web` runs the ONNX file */
  readonly onnxruntime?: string | undefined;
}

export interface UNetStepCase {
  readonly name: string;
  /** Medians over all rounds. */
  readonly milliseconds: number;
  /** Shortest of all rounds: what is left when nothing else runs. */
  readonly best: number;
}

export interface UNetStepBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "unet-step";
  readonly metric: "milliseconds";
  readonly cases: readonly UNetStepCase[];
  /** Medians: ours on one thread over PyTorch's on two; null where that is not installed. */
  readonly ratio: {
    readonly training: number | null;
    readonly prediction: number | null;
    /** By the ONNX file, on two threads. */
    readonly onnx: number | null;
  };
  /** Largest difference of the probabilities of the ONNX file from ours. */
  readonly onnxDifference: number;
  /** One thread over two, of ours. */
  readonly speedup: number;
  readonly size: {
    readonly batch: number;
    readonly patch: number;
    readonly filters: readonly number[];
    readonly side: number;
  };
  readonly rounds: number;
}

interface Peer {
  readonly training: readonly number[];
  readonly prediction: readonly number[];
  readonly torch: string;
}

const BATCH = 8;
const PATCH = 64;
const FILTERS = [16, 32, 64];
const CLASSES = 3;

export async function benchmarkUNetStep(options: UNetStepOptions = {}): Promise<UNetStepBenchmark> {
  const { steps = 10, rounds = 3, side = 1024, isAlone = false, onnxruntime } = options;
  const training: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const prediction: number[] = [];
  const onnx: number[] = [];
  let onnxDifference = 0;
  const peers: Peer[] = [];
  const random = createRandom(1);
  const image = createRaster(
    Float32Array.from({ length: side * side }, () => random.next()),
    side,
    side,
  );
  try {
    for (let round = 0; round < rounds; round++) {
      let segmenter: UNetSegmenter | undefined;
      for (const threads of [1, 2] as const) {
        const timed = await timeSteps(steps, threads);
        training[threads].push(...timed.times);
        segmenter = timed.segmenter;
      }
      if (segmenter === undefined) break;
      const exported = await openExported(segmenter, onnxruntime);
      for (let k = 0; k < 2; k++) {
        const ours = await timePrediction(segmenter, image, prediction);
        const theirs = await timePrediction(exported, image, onnx);
        for (const [i, p] of ours.data.entries()) {
          onnxDifference = Math.max(onnxDifference, Math.abs(p - (theirs.data[i] as number))); // of one size
        }
      }
      await exported.close();
      const peer = isAlone
        ? undefined
        : pythonPeer<Peer>("./unetStep_peer.py", [BATCH, PATCH, steps, side, 2, ...FILTERS]);
      if (peer !== undefined) peers.push(peer);
    }
  } finally {
    await closeWorkers();
  }
  const theirs = {
    training: peers.flatMap((peer) => peer.training),
    prediction: peers.flatMap((peer) => peer.prediction),
  };
  const over = (ours: readonly number[], other: readonly number[]): number | null =>
    other.length === 0 ? null : median(ours) / median(other);
  const all: readonly (readonly [string, readonly number[]])[] = [
    ["training step, ours, 1 thread", training[1]],
    ["training step, ours, 2 threads", training[2]],
    ["training step, PyTorch, 2 threads", theirs.training],
    [`prediction of ${side}², ours, 1 thread`, prediction],
    [
      `prediction of ${side}², as ONNX in ${onnxruntime === undefined ? "onnxruntime-web" : "onnxruntime-node"}, 2 threads`,
      onnx,
    ],
    [`prediction of ${side}², PyTorch, 2 threads`, theirs.prediction],
  ];
  return {
    suite: "speed",
    case: "unet-step",
    metric: "milliseconds",
    cases: all
      .filter(([, times]) => times.length > 0)
      .map(([name, times]) => ({ name, milliseconds: median(times), best: Math.min(...times) })),
    ratio: {
      training: over(training[1], theirs.training),
      prediction: over(prediction, theirs.prediction),
      onnx: over(onnx, theirs.prediction),
    },
    onnxDifference,
    speedup: median(training[1]) / median(training[2]),
    size: { batch: BATCH, patch: PATCH, filters: FILTERS, side },
    rounds,
    ...provenance(peers[0] === undefined ? {} : { torch: peers[0].torch }),
  };
}

/** The U-Net as an ONNX file, and what runs it. */
async function openExported(segmenter: UNetSegmenter, folder: string | undefined): Promise<OnnxSegmenter> {
  const { model, description } = exportUNetOnnx(segmenter);
  if (folder === undefined) return readOnnxSegmenter(model, description, { runtime: "web", threads: 2 });
  const load = createRequire(join(resolve(folder), "package.json"));
  return readOnnxSegmenter(model, description, { runtime: load("onnxruntime-node") as OnnxRuntime, threads: 2 });
}

async function timePrediction(
  segmenter: Segmenter,
  image: Raster<Float32Array>,
  times: number[],
): Promise<Raster<Float32Array>> {
  const started = performance.now();
  const found = await segmenter.segmentTile(image);
  times.push(performance.now() - started);
  return found;
}

/** Milliseconds of each step of an epoch after the first three, from one progress report to the next. */
async function timeSteps(
  steps: number,
  threads: number,
): Promise<{ readonly times: readonly number[]; readonly segmenter: UNetSegmenter }> {
  const stamps: number[] = [];
  const onProgress = (_: Progress): void => {
    stamps.push(performance.now());
  };
  const learner = createUNetSegmenter({ filters: FILTERS, epochs: 1 });
  const run = { random: createRandom(2), threads, onProgress };
  const segmenter = await learner.fit(noise(steps + 3), noise(1), run);
  return { times: stamps.slice(3).map((stamp, i) => stamp - (stamps[i + 2] as number)), segmenter };
}

/** The same patches of noise with random labels in every batch: making them takes no time that is measured. */
function noise(length: number): BatchSource {
  const random = createRandom(3);
  const pixels = BATCH * PATCH * PATCH;
  const x = Float32Array.from({ length: pixels }, () => random.next());
  const y = new Float32Array(pixels * CLASSES);
  for (let p = 0; p < pixels; p++) y[p * CLASSES + random.int(CLASSES)] = 1;
  const weights = new Float32Array(pixels).fill(1);
  return {
    length,
    imageShape: [PATCH, PATCH, 1],
    targets: [{ name: "class", kind: "classes", labels: ["a", "b", "c"] }],
    targetsPer: "pixel",
    batch: (): ImageBatch => ({
      shape: [BATCH, PATCH, PATCH, 1],
      x: x.slice(),
      yShape: [BATCH, PATCH, PATCH, CLASSES],
      y: y.slice(),
      weights: weights.slice(),
    }),
  };
}

function print(result: UNetStepBenchmark): void {
  for (const { name, milliseconds, best } of result.cases) {
    console.log(`  ${name.padEnd(62)} ${milliseconds.toFixed(0).padStart(6)}  (best ${best.toFixed(0)})`);
  }
  const { training, prediction, onnx } = result.ratio;
  if (training !== null) {
    console.log(
      `  over PyTorch: training ${training.toFixed(2)}, prediction ${prediction?.toFixed(2)}, as ONNX ${onnx?.toFixed(2)}`,
    );
  }
  console.log(`  probabilities of the ONNX file differ by ${result.onnxDifference.toExponential(1)} at most`);
  console.log(`  two threads against one: ${result.speedup.toFixed(2)} times as fast`);
  console.log(`  milliseconds; ${provenanceLine(result)}`);
}

await runAsCommand(
  import.meta.url,
  () =>
    benchmarkUNetStep({
      ...numberOptions(["steps", "rounds", "side"]),
      isAlone: hasOption("alone"),
      onnxruntime: textOption("onnxruntime"),
    }),
  print,
);
