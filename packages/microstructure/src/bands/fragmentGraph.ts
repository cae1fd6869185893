/**
 * Regions 1 … n with their areas, and for each of at most `largest` pixels (a fragment) the regions that it touches with the pixel
 * edges shared. Fragments are joined to neighbours here, without going back to the pixels. What comes out does not depend on the
 * order in which contacts are told.
 */
export class FragmentGraph {
  readonly #area: Float64Array;
  readonly #largest: number;
  readonly #parent: Uint32Array;
  /** Fragments not yet joined to another region, the first `#nFragments`, and the region each is about to join, 0 none. */
  readonly #fragments: Uint32Array;
  readonly #targets: Uint32Array;
  #nFragments = 0;
  /** First and last contact of each region, 0 none; each contact names the next. */
  readonly #first: Uint32Array;
  readonly #last: Uint32Array;
  #other: Uint32Array;
  #edges: Uint32Array;
  #next: Uint32Array;
  #nContacts = 0;
  /** Edges shared with each region; 0 between calls. */
  readonly #tally: Uint32Array;

  /** @param area - of regions 1 … n in places 1 … n, changed */
  constructor(area: Float64Array, largest: number) {
    this.#area = area;
    this.#largest = largest;
    this.#parent = new Uint32Array(area.length);
    for (let k = 1; k < area.length; k++) {
      this.#parent[k] = k;
      if (area[k]! <= largest) this.#nFragments++;
    }
    this.#fragments = new Uint32Array(this.#nFragments);
    for (let k = 1, i = 0; k < area.length; k++) if (area[k]! <= largest) this.#fragments[i++] = k;
    this.#targets = new Uint32Array(this.#nFragments);
    this.#first = new Uint32Array(area.length);
    this.#last = new Uint32Array(area.length);
    this.#tally = new Uint32Array(area.length);
    const room = 2 + 3 * this.#nFragments; // most fragments are single pixels
    this.#other = new Uint32Array(room);
    this.#edges = new Uint32Array(room);
    this.#next = new Uint32Array(room);
  }

  /** A pixel edge between two regions. */
  touch(a: number, b: number): void {
    if (this.#area[a]! <= this.#largest) this.#addEdge(a, b); // regions, as everywhere below
    if (this.#area[b]! <= this.#largest) this.#addEdge(b, a);
  }

  #addEdge(fragment: number, other: number): void {
    for (let k = this.#first[fragment]!; k !== 0; k = this.#next[k]!) {
      if (this.#other[k] !== other) continue;
      this.#edges[k]! += 1;
      return;
    }
    const contact = ++this.#nContacts;
    if (contact === this.#other.length) {
      this.#other = enlarged(this.#other);
      this.#edges = enlarged(this.#edges);
      this.#next = enlarged(this.#next);
    }
    this.#other[contact] = other;
    this.#edges[contact] = 1;
    this.#append(fragment, contact, contact);
  }

  #append(fragment: number, first: number, last: number): void {
    if (this.#first[fragment] === 0) this.#first[fragment] = first;
    else this.#next[this.#last[fragment]!] = first;
    this.#last[fragment] = last;
  }

  /**
   * Joins every region of at most `limit` pixels to that larger one which it shares most edges with, of several the first, all at
   * once; one that touches only others as small stays.
   *
   * @returns number of regions joined
   */
  absorb(limit: number): number {
    const fragments = this.#fragments;
    const targets = this.#targets;
    for (let i = 0; i < this.#nFragments; i++) {
      targets[i] = this.#area[fragments[i]!]! <= limit ? this.#mostTouched(fragments[i]!, limit) : 0; // of one length
    }
    let nJoined = 0;
    for (let i = 0; i < this.#nFragments; i++) {
      if (targets[i] === 0) continue;
      this.#join(fragments[i]!, targets[i]!);
      nJoined++;
    }
    let nLeft = 0;
    for (let i = 0; i < this.#nFragments; i++) {
      const k = fragments[i]!;
      if (this.#parent[k] === k && this.#area[k]! <= this.#largest) fragments[nLeft++] = k;
    }
    this.#nFragments = nLeft;
    return nJoined;
  }

  #mostTouched(fragment: number, limit: number): number {
    const tally = this.#tally;
    for (let k = this.#first[fragment]!; k !== 0; k = this.#next[k]!) {
      const other = this.#root(this.#other[k]!);
      if (this.#area[other]! > limit) tally[other]! += this.#edges[k]!;
    }
    let best = 0;
    let most = 0;
    for (let k = this.#first[fragment]!; k !== 0; k = this.#next[k]!) {
      const other = this.#root(this.#other[k]!);
      const edges = tally[other]!;
      tally[other] = 0;
      if (edges > most || (edges === most && other < best)) {
        best = other;
        most = edges;
      }
    }
    return best;
  }

  #join(fragment: number, target: number): void {
    this.#parent[fragment] = target;
    this.#area[target]! += this.#area[fragment]!;
    if (this.#area[target]! <= this.#largest) this.#append(target, this.#first[fragment]!, this.#last[fragment]!);
  }

  #root(region: number): number {
    const parent = this.#parent;
    let root = region;
    while (parent[root] !== root) root = parent[root]!;
    for (let k = region; k !== root; ) {
      const up = parent[k]!;
      parent[k] = root;
      k = up;
    }
    return root;
  }

  /** New number, 1 … n in the order of the regions left, of every region. */
  numbers(): { readonly n: number; readonly numberOf: Uint32Array } {
    const numberOf = new Uint32Array(this.#parent.length);
    let n = 0;
    for (let k = 1; k < numberOf.length; k++) if (this.#parent[k] === k) numberOf[k] = ++n;
    for (let k = 1; k < numberOf.length; k++) numberOf[k] = numberOf[this.#root(k)]!;
    return { n, numberOf };
  }
}

function enlarged(values: Uint32Array): Uint32Array {
  const larger = new Uint32Array(Math.ceil(1.5 * values.length));
  larger.set(values);
  return larger;
}
