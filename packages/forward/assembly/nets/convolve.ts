import { at } from "./layout";

/**
 * Convolution of one padded image [·, paddedWidth, inputs] with a filter in panels (`packFilter`): out [height, width, outputs].
 * With `dilationX` 1 the taps of a filter row and their channels lie side by side in the image, and are one long product.
 */
export function convolve(
  height: i32,
  width: i32,
  outputs: i32,
  taps: i32,
  tapsX: i32,
  inputs: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  paddedWidth: i32,
  image: usize,
  packed: usize,
  bias: usize,
  out: usize,
): void {
  const tapsY = taps / tapsX;
  const run = dilationX === 1 ? tapsX * inputs : inputs;
  const runs = dilationX === 1 ? 1 : tapsX;
  const runBytes = ((dilationX * inputs) as usize) << 2;
  const lineBytes = ((dilationY * paddedWidth * inputs) as usize) << 2;
  const pixelBytes = ((strideX * inputs) as usize) << 2;
  const rowBytes = ((strideY * paddedWidth * inputs) as usize) << 2;
  const outBytes = (outputs as usize) << 2;
  for (let o = 0; o < outputs; o += 8) {
    const panel = at(packed, o * taps * inputs);
    const n = min(8, outputs - o);
    let first = f32x4.splat(0);
    let second = f32x4.splat(0);
    if (bias !== 0) {
      first = lanes(at(bias, o), n);
      if (n > 4) second = lanes(at(bias, o + 4), n - 4);
    }
    for (let i = 0; i < height; i++) {
      let a = image + rowBytes * (i as usize);
      let c = at(out, i * width * outputs + o);
      let j = 0;
      for (; j + 4 <= width; j += 4) {
        let c00 = first;
        let c01 = second;
        let c10 = first;
        let c11 = second;
        let c20 = first;
        let c21 = second;
        let c30 = first;
        let c31 = second;
        let w = panel;
        for (let y = 0; y < tapsY; y++) {
          for (let x = 0; x < runs; x++) {
            let a0 = a + lineBytes * (y as usize) + runBytes * (x as usize);
            let a1 = a0 + pixelBytes;
            let a2 = a1 + pixelBytes;
            let a3 = a2 + pixelBytes;
            for (let k = 0; k < run; k++) {
              const w0 = v128.load(w);
              const w1 = v128.load(w, 16);
              let v = v128.load32_splat(a0);
              c00 = f32x4.add(c00, f32x4.mul(v, w0));
              c01 = f32x4.add(c01, f32x4.mul(v, w1));
              v = v128.load32_splat(a1);
              c10 = f32x4.add(c10, f32x4.mul(v, w0));
              c11 = f32x4.add(c11, f32x4.mul(v, w1));
              v = v128.load32_splat(a2);
              c20 = f32x4.add(c20, f32x4.mul(v, w0));
              c21 = f32x4.add(c21, f32x4.mul(v, w1));
              v = v128.load32_splat(a3);
              c30 = f32x4.add(c30, f32x4.mul(v, w0));
              c31 = f32x4.add(c31, f32x4.mul(v, w1));
              a0 += 4;
              a1 += 4;
              a2 += 4;
              a3 += 4;
              w += 32;
            }
          }
        }
        put(c, n, c00, c01);
        put(c + outBytes, n, c10, c11);
        put(c + 2 * outBytes, n, c20, c21);
        put(c + 3 * outBytes, n, c30, c31);
        a += 4 * pixelBytes;
        c += 4 * outBytes;
      }
      for (; j < width; j++) {
        let c00 = first;
        let c01 = second;
        let w = panel;
        for (let y = 0; y < tapsY; y++) {
          for (let x = 0; x < runs; x++) {
            let a0 = a + lineBytes * (y as usize) + runBytes * (x as usize);
            for (let k = 0; k < run; k++) {
              const v = v128.load32_splat(a0);
              c00 = f32x4.add(c00, f32x4.mul(v, v128.load(w)));
              c01 = f32x4.add(c01, f32x4.mul(v, v128.load(w, 16)));
              a0 += 4;
              w += 32;
            }
          }
        }
        put(c, n, c00, c01);
        a += pixelBytes;
        c += outBytes;
      }
    }
  }
}

/** The first n (at most 4) numbers at an address, zeros behind. */
function lanes(address: usize, n: i32): v128 {
  if (n >= 4) return v128.load(address);
  let v = f32x4.splat(0);
  if (n > 0) v = f32x4.replace_lane(v, 0, load<f32>(address));
  if (n > 1) v = f32x4.replace_lane(v, 1, load<f32>(address, 4));
  if (n > 2) v = f32x4.replace_lane(v, 2, load<f32>(address, 8));
  return v;
}

function put(address: usize, n: i32, first: v128, second: v128): void {
  if (n === 8) {
    v128.store(address, first);
    v128.store(address, second, 16);
  } else putSome(address, n, first, second);
}

function putSome(address: usize, n: i32, first: v128, second: v128): void {
  store<f32>(address, f32x4.extract_lane(first, 0));
  if (n > 1) store<f32>(address, f32x4.extract_lane(first, 1), 4);
  if (n > 2) store<f32>(address, f32x4.extract_lane(first, 2), 8);
  if (n > 3) store<f32>(address, f32x4.extract_lane(first, 3), 12);
  if (n > 4) store<f32>(address, f32x4.extract_lane(second, 0), 16);
  if (n > 5) store<f32>(address, f32x4.extract_lane(second, 1), 20);
  if (n > 6) store<f32>(address, f32x4.extract_lane(second, 2), 24);
}

function addSome(address: usize, n: i32, first: v128, second: v128): void {
  const p = lanes(address, n);
  const q = n > 4 ? lanes(address + 16, n - 4) : f32x4.splat(0);
  putSome(address, n, f32x4.add(first, p), f32x4.add(second, q));
}

function add(address: usize, n: i32, first: v128, second: v128): void {
  if (n === 8) {
    v128.store(address, f32x4.add(v128.load(address), first));
    v128.store(address, f32x4.add(v128.load(address, 16), second), 16);
  } else addSome(address, n, first, second);
}

/** What is worked on at once should stay in the nearest cache. */
const CACHE: i32 = 32768;

/**
 * Adds to `gradient` [tapsY, tapsX, inputs, outputs] what one image gives: the padded image [·, paddedWidth, inputs] under each
 * tap, transposed, times dy [height, width, paddedOutputs] (a multiple of 8). Reads up to 12 bytes behind the image.
 */
export function filterGradient(
  height: i32,
  width: i32,
  outputs: i32,
  paddedOutputs: i32,
  tapsY: i32,
  tapsX: i32,
  inputs: i32,
  strideY: i32,
  strideX: i32,
  dilationY: i32,
  dilationX: i32,
  paddedWidth: i32,
  image: usize,
  dy: usize,
  gradient: usize,
): void {
  const run = dilationX === 1 ? tapsX * inputs : inputs;
  const runs = dilationX === 1 ? 1 : tapsX;
  const pixelBytes = ((strideX * inputs) as usize) << 2;
  const rowBytes = ((strideY * paddedWidth * inputs) as usize) << 2;
  const dyBytes = (paddedOutputs as usize) << 2;
  const dyRowBytes = dyBytes * (width as usize);
  const chunk = max(1, CACHE / ((rowBytes + dyRowBytes) as i32));
  for (let start = 0; start < height; start += chunk) {
    const end = min(height, start + chunk);
    for (let y = 0; y < tapsY; y++) {
      for (let x = 0; x < runs; x++) {
        const base = at(image, (y * dilationY * paddedWidth + x * dilationX) * inputs);
        for (let o = 0; o < outputs; o += 8) {
          const n = min(8, outputs - o);
          for (let k = 0; k < run; k += 4) {
            let c00 = f32x4.splat(0);
            let c01 = f32x4.splat(0);
            let c10 = f32x4.splat(0);
            let c11 = f32x4.splat(0);
            let c20 = f32x4.splat(0);
            let c21 = f32x4.splat(0);
            let c30 = f32x4.splat(0);
            let c31 = f32x4.splat(0);
            for (let i = start; i < end; i++) {
              let a = at(base, k) + rowBytes * (i as usize);
              let b = at(dy, o) + dyRowBytes * (i as usize);
              for (let j = 0; j < width; j++) {
                const b0 = v128.load(b);
                const b1 = v128.load(b, 16);
                let v = v128.load32_splat(a);
                c00 = f32x4.add(c00, f32x4.mul(v, b0));
                c01 = f32x4.add(c01, f32x4.mul(v, b1));
                v = v128.load32_splat(a, 4);
                c10 = f32x4.add(c10, f32x4.mul(v, b0));
                c11 = f32x4.add(c11, f32x4.mul(v, b1));
                v = v128.load32_splat(a, 8);
                c20 = f32x4.add(c20, f32x4.mul(v, b0));
                c21 = f32x4.add(c21, f32x4.mul(v, b1));
                v = v128.load32_splat(a, 12);
                c30 = f32x4.add(c30, f32x4.mul(v, b0));
                c31 = f32x4.add(c31, f32x4.mul(v, b1));
                a += pixelBytes;
                b += dyBytes;
              }
            }
            const rows = min(4, run - k);
            const g = at(gradient, ((y * tapsX + x) * inputs + k) * outputs + o);
            const step = (outputs as usize) << 2;
            add(g, n, c00, c01);
            if (rows > 1) add(g + step, n, c10, c11);
            if (rows > 2) add(g + 2 * step, n, c20, c21);
            if (rows > 3) add(g + 3 * step, n, c30, c31);
          }
        }
      }
    }
  }
}
