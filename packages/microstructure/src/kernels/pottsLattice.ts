/**
 * Q-state Potts lattice on a torus: spins, how many neighbours of each site are unlike, and the sites where that is not
 * zero. `active` holds the nActive such sites in any order, `place[site]` where a site stands in it (−1: not).
 */
export interface PottsLattice {
  readonly width: number;
  readonly height: number;
  readonly spins: Int32Array;
  readonly unlike: Uint8Array;
  readonly active: Int32Array;
  readonly place: Int32Array;
  nActive: number;
  /** Neighbourhood as pairs dx, dy, closed under point reflection. */
  readonly offsets: Int8Array;
  /** State of the random numbers (sfc32). */
  readonly stream: Int32Array;
}

/** Lattice with given spins; `stream` holds four random 32-bit integers. */
export function createPottsLattice(
  width: number,
  height: number,
  spins: Int32Array,
  offsets: Int8Array,
  stream: Int32Array,
): PottsLattice {
  const n = width * height;
  const lattice: PottsLattice = {
    width,
    height,
    spins,
    unlike: new Uint8Array(n),
    active: new Int32Array(n),
    place: new Int32Array(n).fill(-1),
    nActive: 0,
    offsets,
    stream,
  };
  const { unlike, active, place } = lattice;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const site = y * width + x;
      let count = 0;
      for (let k = 0; k < offsets.length; k += 2) {
        const u = (x + offsets[k] + width) % width;
        const v = (y + offsets[k + 1] + height) % height;
        if (spins[v * width + u] !== spins[site]) count++;
      }
      unlike[site] = count;
      if (count > 0) {
        place[site] = lattice.nActive;
        active[lattice.nActive++] = site;
      }
    }
  }
  return lattice;
}

/**
 * Advances by `steps` Monte Carlo steps (one step: as many attempts as sites). An attempt draws a site, draws the spin
 * of one of its unlike neighbours, and takes it over with probability min(1, exp(−ΔE / kT)), ΔE the change in the number
 * of unlike neighbours. A site without unlike neighbours has no candidate, so its attempts change nothing; they are left
 * out, and an attempt on one of the nActive others lasts the mean time between two of them, 1 / nActive steps.
 * `kT = 0` takes over only where ΔE ≤ 0. Stops early when one grain is left. Returns the steps done.
 */
export function advancePotts(lattice: PottsLattice, steps: number, kT: number): number {
  const { width, height, spins, unlike, active, place, offsets, stream } = lattice;
  const nNeighbours = offsets.length >> 1;
  const delta = new Int32Array(nNeighbours);
  let reach = 0;
  for (let k = 0; k < nNeighbours; k++) {
    delta[k] = offsets[2 * k + 1] * width + offsets[2 * k];
    reach = Math.max(reach, Math.abs(offsets[2 * k]), Math.abs(offsets[2 * k + 1]));
  }
  const chance = new Float64Array(nNeighbours + 1);
  for (let e = 1; e <= nNeighbours; e++) chance[e] = kT > 0 ? Math.exp(-e / kT) * 4294967296 : 0;
  const around = new Int32Array(nNeighbours);
  let nActive = lattice.nActive;
  let a = stream[0];
  let b = stream[1];
  let c = stream[2];
  let counter = stream[3];
  let time = 0;
  while (time < steps && nActive > 0) {
    time += 1 / nActive;
    let bits = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + bits;
    const site = active[((bits >>> 0) * 2.3283064365386963e-10 * nActive) | 0];
    const nUnlike = unlike[site];
    bits = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + bits;
    const luck = bits >>> 0;
    // ΔE = nNeighbours − nUnlike − nCandidate ≥ nNeighbours − 2 nUnlike: most refusals need no look at the neighbours.
    const leastChange = nNeighbours - 2 * nUnlike;
    if (leastChange > 0 && luck >= chance[leastChange]) continue;
    const x = site % width;
    const y = (site - x) / width;
    const inside = x >= reach && x < width - reach && y >= reach && y < height - reach;
    if (inside) {
      for (let k = 0; k < nNeighbours; k++) around[k] = site + delta[k];
    } else {
      for (let k = 0; k < nNeighbours; k++) {
        const u = (x + offsets[2 * k] + width) % width;
        const v = (y + offsets[2 * k + 1] + height) % height;
        around[k] = v * width + u;
      }
    }
    const spin = spins[site];
    // Candidate: the pick-th unlike neighbour.
    bits = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + bits;
    let pick = ((bits >>> 0) * 2.3283064365386963e-10 * nUnlike) | 0;
    let candidate = spin;
    for (let k = 0; k < nNeighbours; k++) {
      const other = spins[around[k]];
      if (other !== spin && pick-- === 0) {
        candidate = other;
        break;
      }
    }
    let nCandidate = 0;
    for (let k = 0; k < nNeighbours; k++) if (spins[around[k]] === candidate) nCandidate++;
    const change = nNeighbours - nCandidate - nUnlike;
    if (change > 0 && luck >= chance[change]) continue;
    spins[site] = candidate;
    unlike[site] = nNeighbours - nCandidate;
    if (nCandidate === nNeighbours) {
      const hole = place[site];
      const last = active[--nActive];
      active[hole] = last;
      place[last] = hole;
      place[site] = -1;
    }
    for (let k = 0; k < nNeighbours; k++) {
      const j = around[k];
      const other = spins[j];
      if (other === spin) {
        if (unlike[j]++ === 0) {
          place[j] = nActive;
          active[nActive++] = j;
        }
      } else if (other === candidate) {
        if (--unlike[j] === 0) {
          const hole = place[j];
          const last = active[--nActive];
          active[hole] = last;
          place[last] = hole;
          place[j] = -1;
        }
      }
    }
  }
  lattice.nActive = nActive;
  stream[0] = a;
  stream[1] = b;
  stream[2] = c;
  stream[3] = counter;
  return time;
}
