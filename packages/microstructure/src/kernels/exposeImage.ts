/**
 * Takes a picture, in place: values are cut to 0 … 1, get normal noise of variance value / photonsAtWhite + readStd², and
 * are cut again, as a camera saturates.
 */
export function exposeImage(
  photonsAtWhite: number,
  readStd: number,
  random: { normal(): number },
  image: Float32Array,
): void {
  for (let i = 0; i < image.length; i++) {
    const signal = Math.min(1, Math.max(0, image[i]));
    const std = Math.sqrt(signal / photonsAtWhite + readStd * readStd);
    image[i] = Math.min(1, Math.max(0, signal + std * random.normal()));
  }
}
