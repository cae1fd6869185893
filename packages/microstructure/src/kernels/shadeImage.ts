/**
 * Multiplies the image by 1 + amplitude · s, in place: s is a tilt towards the angle `tilt` less a paraboloid about
 * (centreX, centreY), in fractions of the image, scaled to −1 … 1 over the image.
 */
export function shadeImage(
  width: number,
  height: number,
  amplitude: number,
  tilt: number,
  centreX: number,
  centreY: number,
  image: Float32Array,
): void {
  // s is a sum of a function of x and one of y, so its extremes are sums of theirs.
  const along = new Float64Array(width);
  const down = new Float64Array(height);
  for (let x = 0; x < width; x++) along[x] = part((x + 0.5) / width, Math.cos(tilt), centreX);
  for (let y = 0; y < height; y++) down[y] = part((y + 0.5) / height, Math.sin(tilt), centreY);
  const low = smallest(along) + smallest(down);
  const high = -smallest(along.map((v) => -v)) - smallest(down.map((v) => -v));
  const scale = high > low ? 2 / (high - low) : 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      image[y * width + x] *= 1 + amplitude * ((along[x] + down[y] - low) * scale - 1);
    }
  }
}

function part(u: number, slope: number, centre: number): number {
  return slope * u - 1.5 * (u - centre) * (u - centre);
}

function smallest(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (values[i] < least) least = values[i];
  return least;
}
