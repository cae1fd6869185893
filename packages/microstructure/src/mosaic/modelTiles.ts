import { type Raster, runTasks } from "@materiome/core";
import type { GreyStatistics } from "../pixels/channelPlanes.ts";
import { type DigitizeModel, loadClassifier } from "../pixels/loadClassifier.ts";
import type { TileRun } from "./segmentTiles.ts";
import { progressTeller } from "./taskProgress.ts";

interface ModelTile {
  readonly model: DigitizeModel;
  /** Of the whole image, where the model standardises grey. */
  readonly statistics: GreyStatistics | undefined;
  /** Whether the distance is asked for, of a model that tells regions apart. */
  readonly hasDistance: boolean;
  readonly tile: Raster<Float32Array>;
}

/** One tile by a stored model; a task for worker threads, each of which keeps the model. */
export async function segmentModelTile(input: ModelTile): Promise<Raster<Float32Array>> {
  const { model, statistics, hasDistance, tile } = input;
  const loaded = await loadClassifier(model);
  const classifier = hasDistance ? (loaded.instances?.outputs ?? loaded) : loaded;
  return (statistics === undefined ? classifier : classifier.forStatistics(statistics)).segmentTile(tile);
}

const TASK = { module: import.meta.url, name: "segmentModelTile" };

/** Plain data that crosses to the thread of a mosaic. */
export interface ModelTileThreads {
  /** Threads that segment its tiles; one: its own. */
  readonly threads: number;
  /** Where progress is told (`withTaskProgress`). */
  readonly progress: string | undefined;
}

/** How the tiles of a mosaic are segmented by a stored model; `close` must be called at the end. */
export function modelTileRun(
  model: DigitizeModel,
  statistics: GreyStatistics | undefined,
  { threads, progress }: ModelTileThreads,
  hasDistance = false,
): { readonly run: TileRun; close(): void } {
  const { tell, close } = progressTeller(progress);
  const ask = async (tile: Raster<Float32Array>): Promise<Raster<Float32Array>> => {
    const inputs = [{ model, statistics, hasDistance, tile }];
    const [found] = await runTasks<ModelTile, Raster<Float32Array>>(TASK, inputs, { threads: 1 });
    return found!; // one input
  };
  return { run: { ask: threads > 1 ? ask : undefined, atOnce: threads, onProgress: tell }, close };
}
