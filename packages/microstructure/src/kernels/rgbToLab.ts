/**
 * sRGB (0 … 1, three channels interleaved) to CIELAB under D65 (IEC 61966-2-1; CIE 15:2004): L* 0 … 100, a*, b*.
 */
export function rgbToLab(nPixels: number, rgb: Float32Array, lab: Float32Array): void {
  const [green, blue] = [rgb.subarray(1), rgb.subarray(2)];
  channelsToLab(nPixels, 3, rgb, green, blue, 3, lab, lab.subarray(1), lab.subarray(2));
}

/** `rgbToLab` of channels whose values lie `stepIn` apart, to channels whose values lie `stepOut` apart. */
export function channelsToLab(
  nPixels: number,
  stepIn: number,
  red: Float32Array,
  green: Float32Array,
  blue: Float32Array,
  stepOut: number,
  luma: Float32Array,
  greenToRed: Float32Array,
  blueToYellow: Float32Array,
): void {
  for (let n = 0, i = 0, k = 0; n < nPixels; n++, i += stepIn, k += stepOut) {
    const r = linear(red[i]);
    const g = linear(green[i]);
    const b = linear(blue[i]);
    const x = lightness((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const y = lightness(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = lightness((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
    luma[k] = 116 * y - 16;
    greenToRed[k] = 500 * (x - y);
    blueToYellow[k] = 200 * (y - z);
  }
}

function linear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function lightness(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116;
}
