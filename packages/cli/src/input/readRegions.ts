import { DataError, isMateriomeError, type LabelMap, type Raster } from "@materiome/core";
import { readLabelImage } from "@materiome/microstructure";
import { rasteriseAnnotations, readAnnotationFile } from "@materiome/microstructure/annotations";

/** A number for each region from a label image, or from polygons, each of which is a region. */
export async function readRegions(
  file: string,
  { width, height }: Pick<Raster, "width" | "height">,
): Promise<LabelMap> {
  if (!/\.(json|geojson|zip|roi)$/i.test(file)) return (await readLabelImage(file)).labels;
  try {
    return rasteriseAnnotations(await readAnnotationFile(file), { width, height, by: "instance" }).labels;
  } catch (error) {
    if (!isMateriomeError(error) || error.location?.file !== undefined) throw error;
    throw new DataError(error.message, { location: { file }, cause: error });
  }
}
