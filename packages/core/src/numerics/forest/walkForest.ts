import { forestEngine } from "./forestEngine.ts";

/** Trees over features coded as whole numbers 0 … 255; children are counted over all trees. */
export interface CodedTrees {
  /** First node of each tree, and the number of nodes. */
  readonly treeStart: Int32Array;
  /**
   * Two words a node: `feature << 8 | code`, the largest code that goes left; then the left child, which the right one follows.
   * A leaf is its own left child, with feature 0 and code 255.
   */
  readonly nodes: Int32Array;
  /** Number of each leaf, among all; 0 for other nodes. */
  readonly leafOf: Int32Array;
}

/** Classification trees. */
export interface CodedForest extends CodedTrees {
  /** Share of each class in each leaf, [nLeaves, nClasses]. */
  readonly shares: Uint16Array;
  readonly nClasses: number;
}

/** Room for `block` samples; both arrays live in memory of the module and are gone when the job ends. */
export interface ForestWalk {
  /** [block, nFeatures] */
  readonly codes: Uint8Array;
  /** [block, nClasses], filled by `walk`. */
  readonly sums: Int32Array;
  /** Sums the shares of the leaves that the first n samples reach, over all trees. */
  walk(n: number): void;
}

/**
 * Lets `job` send blocks of coded samples through a forest, which is copied into the WebAssembly module once.
 *
 * Trusts the forest: node numbers and features out of range are not looked for. Sums are whole numbers and exact up to
 * 2³¹, which bounds trees × largest share.
 *
 * @param block - most samples of one walk
 * @throws DomainError if more than 4 GiB would be needed
 * @example
 * walkForest(forest, nFeatures, 4096, ({ codes, sums, walk }) => {
 *   codes.set(coded);
 *   walk(coded.length / nFeatures);
 *   out.set(sums);
 * });
 */
export function walkForest(
  forest: CodedForest,
  nFeatures: number,
  block: number,
  job: (forest: ForestWalk) => void,
): void {
  const { treeStart, nodes, leafOf, shares, nClasses } = forest;
  const room = 4 * Math.ceil(block / 4);
  const lengths = [
    Math.ceil(treeStart.length / 2),
    Math.ceil(nodes.length / 2),
    Math.ceil(leafOf.length / 2),
    Math.ceil(shares.length / 4),
    Math.ceil((room * nFeatures) / 8),
    Math.ceil((room * nClasses) / 2),
  ];
  forestEngine.use("walkForest", lengths, (wasm, addresses, view) => {
    const [atStart = 0, atNodes = 0, atLeaf = 0, atShares = 0, atCodes = 0, atSums = 0] = addresses;
    const { buffer } = view(atStart, 0);
    new Int32Array(buffer, atStart, treeStart.length).set(treeStart);
    new Int32Array(buffer, atNodes, nodes.length).set(nodes);
    new Int32Array(buffer, atLeaf, leafOf.length).set(leafOf);
    new Uint16Array(buffer, atShares, shares.length).set(shares);
    const sums = new Int32Array(buffer, atSums, room * nClasses);
    job({
      codes: new Uint8Array(buffer, atCodes, room * nFeatures),
      sums,
      walk(n: number): void {
        sums.fill(0);
        const nTrees = treeStart.length - 1;
        wasm.walk(n, nFeatures, atCodes, nTrees, atStart, atNodes, atLeaf, nClasses, atShares, atSums);
      },
    });
  });
}
