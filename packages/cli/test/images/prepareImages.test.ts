import { join } from "node:path";
import { createRaster } from "@materiome/core";
import { writeMicrographPng } from "@materiome/microstructure";
import { expect, it } from "vitest";
import { readImageFor } from "../../src/images/prepareImages.ts";
import { workFolder } from "../commands/workFolder.ts";

it("says of an image without a pixel size that it may show another scale than the training images", async () => {
  const file = join(await workFolder(), "a.png");
  const grey = createRaster(
    Float32Array.from({ length: 256 }, (_, i) => (i % 16) / 16),
    16,
    16,
  );
  await writeMicrographPng(file, grey);
  const size = { widthPx: 16, heightPx: 16, fileWidthPx: 16, fileHeightPx: 16 };
  const preparation = { ...size, fit: "exact", channels: "grey", isConverted: false, dataBar: "crop" } as const;
  const isUnscaled = async (trained: number | null, pixelSizeUm?: number, otherScale: "refuse" | "ignore" = "refuse") =>
    (
      await readImageFor({ ...preparation, pixelSizeUm: trained }, file, {
        ...{ pixelSizeUm, otherScale, otherColour: "refuse" },
      })
    ).isUnscaled;
  expect(await isUnscaled(0.5)).toBe(true);
  expect(await isUnscaled(0.5, 0.5)).toBe(false);
  expect(await isUnscaled(0.5, undefined, "ignore")).toBe(false);
  expect(await isUnscaled(null)).toBe(false);
});
