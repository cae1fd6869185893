import { diffuseChannels } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * The kernel `diffuseChannels` band by band, of an image of one or several planes: each step reaches one row farther, so a band
 * is smoothed with `nSteps` rows around it.
 *
 * @param out - as many as planes; none of them one of these
 */
export function diffuseBands(
  space: BandSpace,
  planes: readonly RowReader<Float32Array>[],
  edge: number,
  nSteps: number,
  out: readonly RowStore<Float32Array>[],
): void {
  const { width } = space;
  let values = new Float32Array(0);
  let scratch = values;
  for (const { from, to, top, bottom } of space.bands(nSteps)) {
    const size = (bottom - top) * width;
    if (values.length !== size * planes.length) {
      values = new Float32Array(size * planes.length);
      scratch = new Float32Array(size * planes.length);
    }
    for (const [c, plane] of planes.entries()) values.set(plane.read(top, bottom), c * size);
    diffuseChannels(width, bottom - top, planes.length, edge, nSteps, values, scratch);
    for (const [c, store] of out.entries()) {
      store.write(from, values.subarray(c * size + (from - top) * width, c * size + (to - top) * width));
    }
  }
}
