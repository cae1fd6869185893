/**
 * sRGB (0 … 1, three channels interleaved) to CIELAB under D65 (IEC 61966-2-1; CIE 15:2004): L* 0 … 100, a*, b*.
 */
export function rgbToLab(nPixels: number, rgb: Float32Array, lab: Float32Array): void {
  for (let i = 0; i < 3 * nPixels; i += 3) {
    const r = linear(rgb[i]);
    const g = linear(rgb[i + 1]);
    const b = linear(rgb[i + 2]);
    const x = lightness((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const y = lightness(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = lightness((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
    lab[i] = 116 * y - 16;
    lab[i + 1] = 500 * (x - y);
    lab[i + 2] = 200 * (y - z);
  }
}

function linear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function lightness(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116;
}
