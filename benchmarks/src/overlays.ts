/**
 * Overlays of real images with every pipeline of `segmentMicrograph` that suits them, to be looked at, and the boundary F1 of
 * colour segmentation on the training crops of `tbm-grain-boundaries`. Needs MATERIOME_DATA. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/overlays.ts out/overlays
 *
 * Options: --pictures writes only the two shown in docs/segmentation.md, into docs/pictures; --score prints only the F1; --json.
 */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { readMicrograph, renderOverlayPng } from "@materiome/microstructure";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { boundaryMask } from "@materiome/microstructure/regions";
import {
  layerThickness,
  measureCracks,
  type SegmentationMethod,
  segmentColourGrains,
  segmentMicrograph,
  skeletonize,
} from "@materiome/microstructure/segment";
import { hasOption, report } from "./commandLine.ts";
import { provenance } from "./provenance.ts";

const data = process.env["MATERIOME_DATA"];
if (data === undefined) throw new Error("overlays: set MATERIOME_DATA to the folder of the datasets");

interface Job {
  readonly name: string;
  readonly path: string;
  readonly methods: readonly (SegmentationMethod | "auto")[];
}

const NIST = "nist-grain-size-micrographs/ex_segmentation/optical_etched";
const TBM = "tbm-grain-boundaries/TrainDataset";
const SUPER = "nasa-superalloy-segmentation";
const EBC = "nasa-ebc-oxide-segmentation/EBC1";
const XSDD = "xsdd-steel-strip-defects";

const job = (name: string, path: string, ...methods: (SegmentationMethod | "auto")[]): Job => ({ name, path, methods });
const JOBS: readonly Job[] = [
  job("nist-steel", `${NIST}/grain_structures_steel.tif`, "auto", "particles"),
  job("tbm-10", `${TBM}/images/10-256-1024.png`, "auto", "contrast"),
  job("tbm-14", `${TBM}/images/14-256-1024.png`, "auto"),
  job("tbm-23", `${TBM}/images/23-0-256.png`, "auto"),
  job("tbm-29", `${TBM}/images/29-256-0.png`, "auto"),
  job("super1-spot3", `${SUPER}/Super1/train/spot3_0d_3.tif.gz`, "auto", "particles"),
  job("super1-spot5", `${SUPER}/Super1/train/spot5_180d_2.tif.gz`, "particles"),
  job("super2-etched", `${SUPER}/Super2/different_test/45kx_SE_15kV-etched_0.tif.gz`, "auto", "particles"),
  job("super2-me3", `${SUPER}/Super2/different_test/me3_15kx_3kv_2.tif.gz`, "auto", "particles"),
  job("ebc-010417", `${EBC}/train/010417#4_S2480009.tif.gz`, "auto", "pores"),
  job("ebc-050317", `${EBC}/train/050317#3_S0440027.tif.gz`, "auto", "pores"),
  job("ebc-070516", `${EBC}/train/070516#3_S2470007.tif.gz`, "auto", "pores"),
  job("ebc-032919", `${EBC}/train/032919#6_100cyc0007.tif.gz`, "auto"),
  job("xsdd-scale", `${XSDD}/oxide scale of plate system/5056.jpg`, "auto", "particles"),
];

const SHOWN_PX = 280;

/** The two shown in the documentation: datasets whose licence (MIT; NASA) allows it. */
const SHOWN: readonly { readonly job: Job; readonly file: string }[] = [
  {
    job: job("particles", `${SUPER}/Super2/different_test/me3_15kx_3kv_2.tif.gz`, "particles"),
    file: "segment-worst-particles.png",
  },
  { job: job("colour", `${TBM}/images/29-256-0.png`, "colour"), file: "segment-worst-colour.png" },
];

if (hasOption("pictures")) {
  for (const { job, file } of SHOWN) await draw(job, () => join("docs/pictures", file), SHOWN_PX);
} else if (hasOption("score")) {
  report(await scoreTbm(), (score) => console.log(score));
} else {
  const folder = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? "out/overlays";
  await mkdir(folder, { recursive: true });
  for (const job of JOBS) await draw(job, (method) => join(folder, `${job.name}.${method}.png`));
  await measureEbc();
  console.log(await scoreTbm());
}

/** Draws each method; `size` cuts the middle out of the finished overlay, so that a noisy picture stays small. */
async function draw(job: Job, target: (method: string) => string, size = Infinity): Promise<void> {
  const { grey, colour } = await readMicrograph(join(data ?? "", job.path));
  for (const method of job.methods) {
    const start = performance.now();
    try {
      const result = segmentMicrograph({ grey, colour }, { method });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      await writeFile(
        target(method),
        await renderOverlayPng(middle(grey, size), middle(outlined(result.labels), size)),
      );
      console.log(
        `${job.name} ${method}: ${result.method}, ${result.nRegions} ${result.kind}, ${seconds} s; ${result.reason}`,
      );
      for (const warning of result.warnings) console.log(`  warning: ${warning}`);
    } catch (error) {
      console.log(`${job.name} ${method}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function middle<T extends Float32Array | Uint32Array>(raster: Raster<T>, size: number): Raster<T> {
  const width = Math.min(size, raster.width);
  const height = Math.min(size, raster.height);
  const x0 = (raster.width - width) >> 1;
  const y0 = (raster.height - height) >> 1;
  const data = raster.data.slice(0, width * height) as T;
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * raster.width + x0;
    data.set(raster.data.subarray(from, from + width), y * width);
  }
  return { ...raster, data, width, height };
}

/** Background gets a label of its own, so that only outlines are drawn. */
function outlined(labels: LabelMap): LabelMap {
  let most = 0;
  for (const label of labels.data) if (label > most) most = label;
  return { ...labels, data: labels.data.map((label) => (label === 0 ? most + 1 : label)) };
}

/** Oxide layer (1 and 2) and cracks (2) of the hand-made masks. */
async function measureEbc(): Promise<void> {
  const folder = join(data ?? "", EBC, "train_annot");
  for (const file of (await readdir(folder)).sort().slice(0, 6)) {
    const { grey } = await readMicrograph(join(folder, file));
    const classes = Uint8Array.from(grey.data, (value) => Math.round(255 * value));
    const mask = createRaster(classes, grey.width, grey.height);
    const { inPx, coverage, nPieces, warnings } = layerThickness(mask);
    const { cracks, densityPerPx } = measureCracks(
      createRaster(
        classes.map((c) => (c === 2 ? 1 : 0)),
        grey.width,
        grey.height,
      ),
    );
    const mean = cracks.reduce((sum, { meanWidthPx }) => sum + meanWidthPx, 0) / Math.max(1, cracks.length);
    console.log(
      `${file}: oxide ${inPx.mean.toFixed(1)} ± ${inPx.std.toFixed(1)} px (${inPx.min.toFixed(0)} … ${inPx.max.toFixed(0)}), Ra ${inPx.upperRa.toFixed(1)} above, ${inPx.lowerRa.toFixed(1)} below, coverage ${coverage.toFixed(3)}, ${nPieces} piece(s); ${cracks.length} cracks, longest ${(cracks[0]?.lengthPx ?? 0).toFixed(0)} px, mean opening ${mean.toFixed(1)} px, ${(1e6 * densityPerPx).toFixed(0)} px per megapixel; ${warnings.join("; ")}`,
    );
  }
}

interface TbmScore {
  readonly suite: "overlays";
  readonly nCrops: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
}

/** Pooled over the training crops: skeleton of the hand drawing (mask > 127), tolerance 2 px. */
async function scoreTbm(): Promise<TbmScore & ReturnType<typeof provenance>> {
  const images = (await readdir(join(data ?? "", TBM, "images"))).sort();
  const sums = { predicted: 0, right: 0, true: 0, found: 0 };
  const count = (mask: Raster<Uint8Array>): number => mask.data.reduce((n, value) => n + (value === 0 ? 0 : 1), 0);
  for (const file of images) {
    const { grey, colour } = await readMicrograph(join(data ?? "", TBM, "images", file));
    const drawn = (await readMicrograph(join(data ?? "", TBM, "masks", file))).grey;
    const drawing = createRaster(
      Uint8Array.from(drawn.data, (value) => (Math.round(255 * value) > 127 ? 1 : 0)),
      drawn.width,
      drawn.height,
    );
    const truth = skeletonize(drawing);
    if (colour === undefined) throw new Error(`overlays: ${file} is grey`);
    const predicted = boundaryMask(segmentColourGrains(colour).labels);
    if (grey.width !== drawn.width) throw new Error(`overlays: ${file} and its mask differ in size`);
    const { precision, recall } = boundaryF1(predicted, truth, 2);
    const nPredicted = count(predicted);
    const nTrue = count(truth);
    sums.predicted += nPredicted;
    sums.right += precision * nPredicted;
    sums.true += nTrue;
    sums.found += recall * nTrue;
  }
  const precision = sums.right / sums.predicted;
  const recall = sums.found / sums.true;
  const f1 = (2 * precision * recall) / (precision + recall);
  return { suite: "overlays", nCrops: images.length, f1, precision, recall, ...provenance() };
}
