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
