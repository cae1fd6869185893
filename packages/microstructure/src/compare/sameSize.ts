import { type LabelMap, type Raster, ShapeError } from "@materiome/core";

/** Refuses two maps of different size, or one with several channels; `name` is the function that was called. */
export function requireSameSize(name: string, predicted: Raster | LabelMap, truth: Raster | LabelMap): void {
  const isSame = predicted.width === truth.width && predicted.height === truth.height;
  if (isSame && predicted.channels === 1 && truth.channels === 1) return;
  const size = ({ width, height, channels }: Raster): string => `${width} × ${height} with ${channels} channel(s)`;
  throw new ShapeError(
    `${name}: predicted is ${size(predicted)}, truth ${size(truth)}; both must be one channel of the same size, so crop or resample the label numbers (nearest neighbour) first`,
  );
}
