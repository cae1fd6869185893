import { createMatrix, type Matrix, type Raster, type RunContext } from "@materiome/core";
import { standardise } from "../training/normalisation.ts";
import { viewMoments } from "./calibration.ts";
import { viewsOf } from "./cnnShard.ts";
import { featuresOf } from "./cnnSpec.ts";
import { imageOutputs } from "./cnnTask.ts";
import { imagesToArray } from "./imageNetwork.ts";
import type { ImageNetwork } from "./storedNetwork.ts";

/** What the last layer is given of each image, the mean over the views, [nImages, nFeatures]. */
export async function imageFeatures(
  who: string,
  { settings, parameters, views }: ImageNetwork,
  images: readonly Raster<Float32Array>[],
  run: Pick<RunContext, "threads" | "signal">,
): Promise<Matrix> {
  const { spec, normalisation } = settings;
  const x = standardise(imagesToArray(who, images, spec), normalisation);
  const { mean } = viewMoments(await imageOutputs(settings, parameters, x, views, run, true), viewsOf(views));
  return createMatrix(images.length, featuresOf(spec), mean);
}
