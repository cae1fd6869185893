import { gaussianBlur, gaussianReach } from "../kernels/index.ts";
import type { BandSpace } from "./bandSpace.ts";
import type { RowReader, RowStore } from "./rowStore.ts";

/** The kernel `gaussianBlur` band by band: each is blurred with the rows around it that the Gaussian reaches. */
export function blurBands(
  space: BandSpace,
  input: RowReader<Float32Array>,
  sigmaPx: number,
  out: RowStore<Float32Array>,
): void {
  const { width } = space;

  let scratch = new Float32Array(0);
  let smooth = scratch;
  for (const { from, to, top, bottom } of space.bands(gaussianReach(sigmaPx))) {
    const size = (bottom - top) * width;
    if (scratch.length < size) {
      scratch = new Float32Array(size);
      smooth = new Float32Array(size);
    }
    gaussianBlur(width, bottom - top, input.read(top, bottom), sigmaPx, scratch, smooth);
    out.write(from, smooth.subarray((from - top) * width, (to - top) * width));
  }
}
