import { diffuseChannels } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/**
 * The kernel `diffuseChannels` band by band, of one channel: each step reaches one row farther, so a band is smoothed with
 * `nSteps` rows around it.
 */
export function diffuseBands(
  space: BandSpace,
  input: RowReader<Float32Array>,
  edge: number,
  nSteps: number,
  out: RowStore<Float32Array>,
): void {
  const { width } = space;
  let values = new Float32Array(0);
  let scratch = values;
  for (const { from, to, top, bottom } of space.bands(nSteps)) {
    const size = (bottom - top) * width;
    if (values.length !== size) {
      values = new Float32Array(size);
      scratch = new Float32Array(size);
    }
    values.set(input.read(top, bottom));
    diffuseChannels(width, bottom - top, 1, edge, nSteps, values, scratch);
    out.write(from, values.subarray((from - top) * width, (to - top) * width));
  }
}
