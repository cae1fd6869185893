/**
 * Limits of a mean lineal intercept that metal grains have, µm. ASTM E112 lists grain size numbers from 00 (0.45 mm) to 14
 * (2.5 µm); G = −3 would be 0.91 mm and G = 25 would be 0.055 µm. Nanocrystalline metals and castings lie somewhat
 * beyond, so only a third of the one (20 nm) and twenty times the other (20 mm) are called absurd.
 */
const LEAST_UM = 0.02;
const LARGEST_UM = 20_000;

/**
 * What to say of a mean intercept that no metal has: most often nm/px given as µm, or the reverse.
 *
 * @param meanInterceptUm - undefined or null where there is no calibration
 * @param pixelSizeUm - as used
 * @returns undefined where the size is possible
 * @see ASTM E112-13, table 4
 */
export function implausibleSize(meanInterceptUm: number, pixelSizeUm: number): string | undefined {
  if (!(meanInterceptUm < LEAST_UM || meanInterceptUm > LARGEST_UM)) return undefined;
  const isLarge = meanInterceptUm > LARGEST_UM;
  const size = isLarge
    ? `${(meanInterceptUm / 1000).toPrecision(3)} mm`
    : `${(meanInterceptUm * 1000).toPrecision(3)} nm`;
  const other = isLarge ? pixelSizeUm / 1000 : pixelSizeUm * 1000;
  const remedy = isLarge
    ? `were ${pixelSizeUm} nm a pixel meant, give ${other}`
    : `were ${pixelSizeUm} mm a pixel meant, give ${other}`;
  return `a mean intercept of ${size} is absurd for grains (possible: 20 nm … 20 mm); the pixel size of ${pixelSizeUm} µm is likely in another unit: ${remedy}`;
}

/**
 * Warning for a batch whose images differ in pixel size by more than 2 %, or of which only some have one; undefined where
 * they agree.
 *
 * @param images - pixel size per file, µm, null where not calibrated
 */
export function mixedPixelSizes(
  images: readonly { readonly file: string; readonly pixelSizeUm: number | null | undefined }[],
): string | undefined {
  const groups: { sizeUm: number | null; files: string[] }[] = [];
  for (const { file, pixelSizeUm } of images) {
    const sizeUm = pixelSizeUm ?? null;
    const group = groups.find((one) =>
      one.sizeUm === null || sizeUm === null ? one.sizeUm === sizeUm : Math.abs(one.sizeUm / sizeUm - 1) <= 0.02,
    );
    if (group === undefined) groups.push({ sizeUm, files: [file] });
    else group.files.push(file);
  }
  if (groups.length < 2) return undefined;
  groups.sort((a, b) => b.files.length - a.files.length);
  const parts = groups.slice(0, 4).map(({ sizeUm, files }) => {
    const size = sizeUm === null ? "no calibration" : `${sizeUm} µm`;
    return `${size}: ${files.length} (${files[0]}${files.length > 1 ? ", …" : ""})`;
  });
  const rest = groups.length > 4 ? ` and ${groups.length - 4} more` : "";
  return `the images of this batch have ${groups.length} different pixel sizes: ${parts.join("; ")}${rest}; pool them only if all calibrations are right`;
}
