/**
 * Largest one-to-one matching between the set pixels of two masks, partners at one of the given offsets (Hopcroft–Karp,
 * started from a greedy pass in the order of the offsets, so give the nearest first).
 *
 * `partnerA[i]` becomes the pixel of `b` matched with pixel i of `a`, or −1; `partnerB` likewise. Returns the number of
 * pairs. O(√V · E) with E = set pixels × offsets.
 */
export function matchPixels(
  width: number,
  height: number,
  a: Uint8Array,
  b: Uint8Array,
  dx: Int32Array,
  dy: Int32Array,
  partnerA: Int32Array,
  partnerB: Int32Array,
): number {
  const size = width * height;
  const nOffsets = dx.length;
  partnerA.fill(-1);
  partnerB.fill(-1);
  let n = 0;
  for (let k = 0; k < nOffsets; k++) {
    for (let i = 0; i < size; i++) {
      if (a[i] === 0 || partnerA[i] >= 0) continue;
      const j = neighbour(width, height, i, dx[k], dy[k]);
      if (j < 0 || b[j] === 0 || partnerB[j] >= 0) continue;
      partnerA[i] = j;
      partnerB[j] = i;
      n++;
    }
  }
  const layer = new Int32Array(size);
  const queue = new Int32Array(size);
  const nextOffset = new Uint16Array(size);
  const path = new Int32Array(size);
  for (;;) {
    // Layers of alternating paths from the free pixels of a.
    let head = 0;
    let tail = 0;
    let isReached = false;
    layer.fill(-1);
    for (let i = 0; i < size; i++) {
      if (a[i] !== 0 && partnerA[i] < 0) {
        layer[i] = 0;
        queue[tail++] = i;
      }
    }
    while (head < tail) {
      const i = queue[head++];
      for (let k = 0; k < nOffsets; k++) {
        const j = neighbour(width, height, i, dx[k], dy[k]);
        if (j < 0 || b[j] === 0) continue;
        const back = partnerB[j];
        if (back < 0) isReached = true;
        else if (layer[back] < 0) {
          layer[back] = layer[i] + 1;
          queue[tail++] = back;
        }
      }
    }
    if (!isReached) return n;
    // Vertex-disjoint shortest paths along the layers, depth first without recursion.
    nextOffset.fill(0);
    for (let start = 0; start < size; start++) {
      if (a[start] === 0 || partnerA[start] >= 0) continue;
      let depth = 0;
      path[0] = start;
      while (depth >= 0) {
        const i = path[depth];
        let isDeeper = false;
        while (nextOffset[i] < nOffsets) {
          const k = nextOffset[i]++;
          const j = neighbour(width, height, i, dx[k], dy[k]);
          if (j < 0 || b[j] === 0) continue;
          const back = partnerB[j];
          if (back < 0) {
            // Each pixel of the path takes the partner that its successor held.
            let free = j;
            for (let d = depth; d >= 0; d--) {
              const own = partnerA[path[d]];
              partnerA[path[d]] = free;
              partnerB[free] = path[d];
              free = own;
            }
            n++;
            depth = -1;
            isDeeper = true;
            break;
          }
          if (layer[back] === layer[i] + 1) {
            path[++depth] = back;
            isDeeper = true;
            break;
          }
        }
        if (!isDeeper) {
          layer[i] = -1; // a dead end for the rest of this round
          depth--;
        }
      }
    }
  }
}

function neighbour(width: number, height: number, i: number, dx: number, dy: number): number {
  const x = (i % width) + dx;
  const y = Math.floor(i / width) + dy;
  return x < 0 || x >= width || y < 0 || y >= height ? -1 : y * width + x;
}
