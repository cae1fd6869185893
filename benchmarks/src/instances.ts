/**
 * Grains told apart by a net that learns their distances (`trainInstances`), beside one that learns boundaries and beside what needs no
 * training, on drawn micrographs whose grains are known. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/instances.ts
 *
 * Options: --noise NAME (of NOISE_LEVELS, default high), --size PX (default 192), --epochs N (default 12), --threads N (default 1), --seed N (default 1), --json. Eight
 * structures: five to learn from, one that chooses epoch and depth, two that are scored.
 */
import { closeWorkers, createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { createUNetSegmenter } from "@materiome/forward/nets";
import { type PanopticQuality, panopticQuality } from "@materiome/microstructure/compare";
import { regionClasses, separateRegions, trainInstances, trainSegmenter } from "@materiome/microstructure/patches";
import { boundaryRegions } from "@materiome/microstructure/pixels";
import { segmentGrains } from "@materiome/microstructure/segment";
import {
  growStart,
  magnifyLabels,
  NOISE_LEVELS,
  type NoiseLevel,
  renderMicrograph,
} from "@materiome/microstructure/synthesis";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";

const INTERCEPT_PX = 24;
const N_IMAGES = 8;
const N_TEST = 2;

const noise = (textOption("noise") ?? "high") as NoiseLevel;
if (!(noise in NOISE_LEVELS)) throw new Error(`--noise ${noise}: expected ${Object.keys(NOISE_LEVELS).join(", ")}`);
const { size, epochs, threads, seed } = {
  ...{ size: 192, epochs: 12, threads: 1, seed: 1 },
  ...numberOptions(["size", "epochs", "threads", "seed"]),
};

interface Drawn {
  readonly name: string;
  readonly image: Raster<Float32Array>;
  readonly labels: LabelMap;
}

function draw(k: number): Drawn {
  const random = createRandom(seed).fork("structure").fork(k);
  const sites = Math.ceil((size * 8) / INTERCEPT_PX);
  const structure = growStart({ width: sites, height: sites, meanInterceptSites: 8 }, random.fork("grown"));
  const grains = magnifyLabels(structure.grains, INTERCEPT_PX / structure.meanInterceptSites, { isPeriodic: true });
  const labels = cropped(grains);
  return { name: `field ${k}`, image: cropped(renderMicrograph(grains, { noise }, random.fork("rendered"))), labels };
}

function cropped<T extends Float32Array | Uint32Array>(of: Raster<T>): Raster<T> {
  const edge = Math.min(size, of.width, of.height);
  const data = of.data.slice(0, edge * edge) as T;
  for (let y = 0; y < edge; y++) data.set(of.data.subarray(y * of.width, y * of.width + edge), y * edge);
  return createRaster(data, edge, edge);
}

const images = Array.from({ length: N_IMAGES }, (_, k) => draw(k));
const names = images.map(({ name }) => name);
const test = names.slice(-N_TEST);
const validation = names.slice(-N_TEST - 1, -N_TEST);
const settings = { normalise: "image", patchPx: 96, batchSize: 4, batches: 24, validation, test } as const;
const learner = createUNetSegmenter({ filters: [12, 24, 48, 64], epochs, patience: epochs });
const run = { random: createRandom(seed), threads };
const truthOf = (k: number): LabelMap => separateRegions((images[k] as Drawn).labels, "grains"); // an index of images

const begun = process.cpuUsage().user;
const quality = (found: LabelMap, truth: LabelMap): number => panopticQuality(found, truth).quality;
const byDistance = await trainInstances(images, learner, quality, { ...settings, kind: "grains" }, run);
const between = process.cpuUsage().user;
const classes = images.map((one) => ({
  ...one,
  labels: regionClasses(separateRegions(one.labels, "grains"), "grains"),
}));
const byBoundary = await trainSegmenter(classes, learner, { ...settings, classes: ["grain", "boundary"] }, run);
const ended = process.cpuUsage().user;

const tested = names.flatMap((name, k) => (test.includes(name) ? [k] : []));
const boundaries: PanopticQuality[] = [];
for (const k of tested) {
  const probabilities = await byBoundary.classifier.classify((images[k] as Drawn).image, 256, { threads });
  boundaries.push(panopticQuality(boundaryRegions(probabilities, { boundaryClass: 1 }), truthOf(k)));
}
await closeWorkers();
const scores: Readonly<Record<string, readonly PanopticQuality[]>> = {
  "distances (--target grains)": byDistance.heldOut
    .filter(({ role }) => role === "test")
    .map(({ regions, trueRegions }) => panopticQuality(regions, trueRegions)),
  "boundaries (--target boundaries)": boundaries,
  "without training": tested.map((k) => panopticQuality(segmentGrains((images[k] as Drawn).image).labels, truthOf(k))),
};
const ways = Object.entries(scores).map(([way, all]) => ({
  way,
  quality: mean(all.map((one) => one.quality)),
  truePositives: all.reduce((sum, one) => sum + one.truePositives, 0),
  falsePositives: all.reduce((sum, one) => sum + one.falsePositives, 0),
  falseNegatives: all.reduce((sum, one) => sum + one.falseNegatives, 0),
}));
const result = {
  ...{ suite: "instances", case: `drawn grains, ${noise} noise`, metric: "panoptic quality, mean over two images" },
  ...{ size, interceptPx: INTERCEPT_PX, epochs, seed, ways, depths: byDistance.depths },
  bestEpochs: [byDistance.segmenter.bestEpoch, byBoundary.segmenter.bestEpoch],
  cpuSeconds: [(between - begun) / 1e6, (ended - between) / 1e6],
  ...provenance({}),
};
report(result, () => {
  for (const { way, quality: of, truePositives, falsePositives, falseNegatives } of ways) {
    console.log(
      `${way}: ${of.toFixed(3)} (${truePositives} found, ${falsePositives} too many, ${falseNegatives} missed)`,
    );
  }
});
