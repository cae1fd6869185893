import type { PlanePredict, TaskFunction } from "@materiome/core";
import { reader } from "@materiome/forward";
// The kernels below the pixel classifier's feature bank, so that both sides compute the same twenty features and no more.
import { scaleDerivatives, scaleSpace, scaleSpaceHalo } from "../../packages/microstructure/src/kernels/index.ts";

/** Rows first … first + rows − 1 of an image; arrays over shared memory. */
export interface StripInput {
  readonly width: number;
  readonly height: number;
  readonly image: Float32Array;
  readonly sigmas: readonly number[];
  readonly first: number;
  readonly rows: number;
  /** The classifier's JSON. */
  readonly model: string;
  /** [width × height, nClasses] */
  readonly out: Float32Array;
}

export const classifyStripTask: TaskFunction = { module: import.meta.url, name: "classifyStrip" };

/** Rows whose derivatives are held at once. */
const BAND = 128;

/** Writes the class probabilities of a strip to `out`. */
export async function classifyStrip(input: StripInput): Promise<void> {
  const { width, first, rows, out } = input;
  const model = (await reader.read(JSON.parse(input.model), reader)) as object as PlanePredict;
  const nClasses = model.labels.length;
  eachBand(input, first, rows, (start, count, planes) => {
    const n = width * count;
    model.predictPlanes(planes, n, out.subarray(start * width * nClasses, (start * width + n) * nClasses));
  });
}

/**
 * Features of rows first … first + rows − 1 in bands: per scale the Gaussian, the gradient magnitude and both Hessian eigenvalues.
 * Strips end at borders of the image or carry a halo, so that values are those of the whole image.
 */
export function eachBand(
  { width, height, image, sigmas }: Pick<StripInput, "width" | "height" | "image" | "sigmas">,
  first: number,
  rows: number,
  use: (start: number, count: number, planes: readonly Float32Array[]) => void,
): void {
  const halo = scaleSpaceHalo(sigmas) + 1;
  const top = Math.max(0, first - halo);
  const bottom = Math.min(height, first + rows + halo);
  const size = width * (bottom - top);
  const smooth = sigmas.map(() => new Float32Array(size));
  const source = image.subarray(top * width, bottom * width);
  scaleSpace(width, bottom - top, source, sigmas, new Float32Array(size), smooth);
  const derived = sigmas.map(() => [0, 1, 2].map(() => new Float32Array(width * (BAND + 2))));
  for (let start = first; start < first + rows; start += BAND) {
    const count = Math.min(BAND, first + rows - start);
    // One row more on each side, where there is one.
    const from = Math.max(top, start - 1);
    const to = Math.min(bottom, start + count + 1);
    const planes = sigmas.flatMap((_, k) => {
      const band = smooth[k].subarray((from - top) * width, (to - top) * width);
      const [gradient, larger, smaller] = derived[k];
      scaleDerivatives(width, to - from, band, gradient, larger, smaller);
      return [band, gradient, larger, smaller].map((plane) => plane.subarray((start - from) * width));
    });
    use(start, count, planes);
  }
}
