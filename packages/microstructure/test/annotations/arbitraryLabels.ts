import { createRaster, type LabelMap } from "@materiome/core";
import fc from "fast-check";

/** Small label maps with holes, several parts and corner contacts. */
export function arbitraryLabels(): fc.Arbitrary<LabelMap> {
  return fc
    .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.constantFrom(0, 1, 1, 1, 2, 7), { minLength: width * height, maxLength: width * height })
        .map((data) => createRaster(Uint32Array.from(data), width, height)),
    )
    .filter((labels) => labels.data.some((label) => label !== 0));
}
