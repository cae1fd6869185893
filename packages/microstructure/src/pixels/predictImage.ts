import { type AbortLike, type Raster, type RunContext, runTasks } from "@materiome/core";
import type { Region } from "./featureWindow.ts";
import {
  type BankSpec,
  createBanks,
  type PixelModel,
  type PredictPixelTileInput,
  predictRegion,
  type SamplePixelTileInput,
  samplePixelTile,
} from "./pixelStage.ts";

const MODULE = new URL(import.meta.url.endsWith(".ts") ? "./pixelStage.ts" : "./pixelStage.js", import.meta.url).href;

export type RunOptions = Pick<RunContext, "threads" | "signal" | "onProgress">;

/** A fitted stage, ready for other threads. */
export interface PortableStage {
  readonly spec: BankSpec;
  readonly model: PixelModel;
  readonly key: string;
  /** JSON of the model in shared memory; made when a thread first needs it. */
  json?: Uint8Array;
}

let nStages = 0;

export function createStage(spec: BankSpec, model: PixelModel): PortableStage {
  nStages += 1;
  return { spec, model, key: `stage ${nStages}` };
}

/** Region cut into tiles of at most `tilePx`. */
export function cutTiles(region: Region, tilePx: number): Region[] {
  const tiles: Region[] = [];
  for (let y = 0; y < region.height; y += tilePx) {
    for (let x = 0; x < region.width; x += tilePx) {
      tiles.push({
        x: region.x + x,
        y: region.y + y,
        width: Math.min(tilePx, region.width - x),
        height: Math.min(tilePx, region.height - y),
      });
    }
  }
  return tiles;
}

/** What is predicted where; `out` has nClasses channels and the size of the image. */
export interface PredictionJob {
  readonly image: Raster<Float32Array>;
  readonly maps: Raster<Float32Array> | undefined;
  readonly region: Region;
  readonly out: Float32Array;
}

/** Fills `out` of every job in its region, tile by tile, in threads where more than one is allowed. */
export async function predictTiles(
  stage: PortableStage,
  jobs: readonly PredictionJob[],
  nClasses: number,
  tilePx: number,
  run: RunOptions,
): Promise<void> {
  const tiles = jobs.flatMap((job) => cutTiles(job.region, tilePx).map((region) => ({ job, region })));
  const { spec, model } = stage;
  const put = ({ job, region }: (typeof tiles)[number], values: Float32Array): void => {
    for (let y = 0; y < region.height; y++) {
      const from = y * region.width * nClasses;
      const to = ((region.y + y) * job.image.width + region.x) * nClasses;
      job.out.set(values.subarray(from, from + region.width * nClasses), to);
    }
  };
  if (run.threads === 1 || tiles.length === 1) {
    const banks = createBanks(spec);
    for (const [k, tile] of tiles.entries()) {
      run.signal?.throwIfAborted();
      put(tile, predictRegion(banks, model, tile.job.image, tile.job.maps, tile.region, nClasses));
      run.onProgress?.({ stage: "classify pixels", done: k + 1, total: tiles.length });
    }
    return;
  }
  stage.json ??= sharedBytes(JSON.stringify(model.toJSON()));
  const { json, key } = stage;
  const inputs = tiles.map(
    ({ job, region }): PredictPixelTileInput => ({
      spec,
      module: model.module,
      json,
      key,
      image: job.image,
      maps: job.maps,
      region,
      nClasses,
    }),
  );
  const values = await runTasks<PredictPixelTileInput, Float32Array>(
    { module: MODULE, name: "predictPixelTile" },
    inputs,
    { ...run, stage: "classify pixels" },
  );
  for (const [k, tile] of tiles.entries()) put(tile, values[k]!); // one per tile
}

/** Features of chosen pixels of one image. */
export interface SampleJob {
  readonly source: Raster<Float32Array>;
  /** y · width + x, ascending. */
  readonly pixels: Int32Array;
}

/** Rows of features of the pixels of every job, in the order of the pixels. */
export async function sampleFeatures(
  spec: BankSpec,
  kind: "image" | "context",
  jobs: readonly SampleJob[],
  tilePx: number,
  run: RunOptions,
): Promise<Float32Array[]> {
  const nFeatures = createBanks(spec)[kind]?.features.length ?? 0;
  const inputs: { readonly job: number; readonly rows: number[]; readonly task: SamplePixelTileInput }[] = [];
  for (const [job, { source, pixels }] of jobs.entries()) {
    const perRow = Math.ceil(source.width / tilePx);
    const tiles = cutTiles({ x: 0, y: 0, width: source.width, height: source.height }, tilePx);
    const rows = tiles.map((): number[] => []);
    const inside = tiles.map((): number[] => []);
    for (const [row, pixel] of pixels.entries()) {
      const x = pixel % source.width;
      const y = Math.floor(pixel / source.width);
      const at = Math.floor(y / tilePx) * perRow + Math.floor(x / tilePx);
      const tile = tiles[at]!; // pixels of the image
      rows[at]!.push(row);
      inside[at]!.push((y - tile.y) * tile.width + (x - tile.x));
    }
    for (const [k, region] of tiles.entries()) {
      const pixelsInside = Int32Array.from(inside[k]!); // one per tile, here and below
      if (pixelsInside.length === 0) continue;
      inputs.push({ job, rows: rows[k]!, task: { spec, kind, source, region, pixels: pixelsInside } });
    }
  }
  const parts = await runSamples(
    inputs.map(({ task }) => task),
    run,
  );
  const out = jobs.map(({ pixels }) => new Float32Array(pixels.length * nFeatures));
  for (const [k, { job, rows }] of inputs.entries()) {
    for (const [r, row] of rows.entries()) {
      out[job]!.set(parts[k]!.subarray(r * nFeatures, (r + 1) * nFeatures), row * nFeatures); // one per input
    }
  }
  return out;
}

async function runSamples(tasks: readonly SamplePixelTileInput[], run: RunOptions): Promise<Float32Array[]> {
  const stage = "compute features";
  if (run.threads !== 1) {
    return runTasks<SamplePixelTileInput, Float32Array>({ module: MODULE, name: "samplePixelTile" }, tasks, {
      ...run,
      stage,
    });
  }
  const signal: AbortLike | undefined = run.signal;
  return tasks.map((task, k) => {
    signal?.throwIfAborted();
    const rows = samplePixelTile(task);
    run.onProgress?.({ stage, done: k + 1, total: tasks.length });
    return rows;
  });
}

export function sharedBytes(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
