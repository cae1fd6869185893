import { DataError, isMateriomeError, type LabelMap, type Raster } from "@materiome/core";
import { readLabelImage } from "@materiome/microstructure";
import { rasteriseAnnotations, readAnnotationFile } from "@materiome/microstructure/annotations";

/** Class numbers from a label image, or from polygons: LabelMe, COCO, GeoJSON, ImageJ ROIs. */
export async function readClasses(
  file: string,
  { width, height }: Pick<Raster, "width" | "height">,
  classes: readonly string[],
): Promise<LabelMap> {
  if (!/\.(json|geojson|zip|roi)$/i.test(file)) return (await readLabelImage(file)).labels;
  try {
    return rasteriseAnnotations(await readAnnotationFile(file), { width, height, classes }).labels;
  } catch (error) {
    if (!isMateriomeError(error) || error.location?.file !== undefined) throw error;
    throw new DataError(error.message, { location: { file }, cause: error });
  }
}
