/**
 * Sums a map of shifts (2 lastX + 1 columns, 2 lastY + 1 rows, shift 0 in the middle) over rings of distance
 * [(k − ½) w, (k + ½) w) and over `nSectors` sectors of direction modulo 180°, the first centred on +x, counter-clockwise;
 * y points down. NaN is left out. Shift 0 counts in every sector. Outputs have nBins · nSectors numbers, sector by sector.
 */
export function radialBins(
  lastX: number,
  lastY: number,
  map: Float64Array,
  binWidth: number,
  nBins: number,
  nSectors: number,
  sum: Float64Array,
  distance: Float64Array,
  count: Float64Array,
): void {
  const reach = nBins * binWidth + 1;
  let at = 0;
  for (let dy = -lastY; dy <= lastY; dy++) {
    for (let dx = -lastX; dx <= lastX; dx++, at++) {
      if (dx > reach || dx < -reach || dy > reach || dy < -reach) continue;
      const r = Math.sqrt(dx * dx + dy * dy);
      const bin = Math.floor(r / binWidth + 0.5);
      const value = map[at];
      if (bin >= nBins || Number.isNaN(value)) continue;
      if (r === 0) {
        for (let s = 0; s < nSectors; s++) {
          sum[s * nBins] += value;
          count[s * nBins]++;
        }
        continue;
      }
      let sector = 0;
      if (nSectors > 1) {
        const turn = Math.atan2(-dy, dx) / Math.PI; // of a half turn
        sector = Math.floor((turn - Math.floor(turn)) * nSectors + 0.5) % nSectors;
      }
      const cell = sector * nBins + bin;
      sum[cell] += value;
      distance[cell] += r;
      count[cell]++;
    }
  }
}
