import { bestSubset, columnScores, productScores } from "../kernels/index.ts";
import type { ExpressionSpace } from "./expressionSpace.ts";
import { compareTerms, energyBase, evaluate, type Monomial, product } from "./monomial.ts";
import { dot, residual, squares } from "./projection.ts";

/** How complex a law may be: number of terms beside the constant, and the level of each of them. */
export interface Complexity {
  readonly nTerms: number;
  readonly level: number;
}

/** Terms kept by each screening, of the thousands that there are. */
const KEPT = 40;
/** Candidates looked at to find so many that are usable. */
const LOOKED_AT = 300;
/** Products screened at most: rows × products, and factors. */
const MOST_WORK = 3e7;
const MOST_FACTORS = 250;
/** A term that gets more of its variance from one row is a mark on that row. */
const MOST_OF_ONE_ROW = 0.8;

/** A term with its standardised values in the training rows. */
interface Candidate {
  readonly term: Monomial;
  readonly values: Float64Array;
}

/**
 * The best law of each complexity, by sure independence screening and an exhaustive search among what it keeps: terms that go
 * best with the target are kept, then those that go best with what the best law of fewer terms leaves, and every subset of all
 * kept so far is tried.
 *
 * @param target - centred
 * @returns the terms of each; fewer than asked for where rows or expressions do not suffice
 * @see Ouyang et al., Phys. Rev. Mater. 2, 083802 (2018), doi:10.1103/PhysRevMaterials.2.083802
 */
export function searchForms(
  space: ExpressionSpace,
  target: Float64Array,
  complexities: readonly Complexity[],
): readonly (readonly Monomial[])[] {
  const found = new Map<string, readonly Monomial[]>();
  for (const level of new Set(complexities.filter(({ nTerms }) => nTerms > 0).map((one) => one.level))) {
    const most = Math.max(...complexities.map((one) => (one.level === level ? one.nTerms : 0)));
    for (const [t, terms] of formsOf(space, target, level, most).entries()) found.set(`${t} ${level}`, terms);
  }
  return complexities.map(({ nTerms, level }) => {
    for (let t = nTerms; t > 0; t--) {
      const terms = found.get(`${t} ${level}`);
      if (terms !== undefined) return terms;
    }
    return [];
  });
}

/** Best laws of 0, 1, … terms. */
function formsOf(space: ExpressionSpace, target: Float64Array, level: number, most: number): Monomial[][] {
  const n = target.length;
  const forms: Monomial[][] = [[]];
  let kept: Candidate[] = [];
  let rest = target;
  // A constant, the coefficients, and two rows to tell the error from.
  for (let size = 1; size <= Math.min(most, n - 3); size++) {
    const total = squares(rest);
    if (!(total > 1e-24 * squares(target))) break;
    kept = union(kept, screen(space, rest, level));
    const chosen = choose(space, kept, target, size);
    if (chosen === undefined) break;
    forms.push(chosen.map(({ term }) => term));
    rest = residual(
      target,
      chosen.map(({ values }) => values),
    );
  }
  return forms;
}

/** The terms that go best with a centred target, strongest first. */
function screen(space: ExpressionSpace, target: Float64Array, level: number): Candidate[] {
  const n = target.length;
  const { bases, terms, columns, factors } = space;
  const singles = new Float64Array(terms.length);
  columnScores(n, terms.length, columns, target, singles);
  for (const [t, term] of terms.entries()) if (term.level > level) singles[t] = 0;
  const pool =
    level < 2 ? [] : strongest(factors, singles, Math.min(MOST_FACTORS, Math.floor(Math.sqrt((2 * MOST_WORK) / n))));
  const together = new Float64Array(n * pool.length);
  for (const [p, t] of pool.entries()) together.set(columns.subarray(t * n, (t + 1) * n), p * n);
  const products = new Float64Array((pool.length * (pool.length + 1)) / 2);
  productScores(n, pool.length, together, target, products);
  const limit = threshold([singles, products], LOOKED_AT);
  const ranked: { readonly score: number; readonly term: Monomial }[] = [];
  for (const [t, term] of terms.entries()) {
    const score = singles[t] as number; // one per term
    if (score > 0 && score >= limit) ranked.push({ score: rounded(score), term });
  }
  let at = 0;
  for (let b = 0; b < pool.length; b++) {
    for (let a = 0; a <= b; a++) {
      const score = products[at++] as number;
      if (score < limit) continue;
      const [first, second] = [terms[pool[a] as number] as Monomial, terms[pool[b] as number] as Monomial];
      const term = product(bases, first, second, 2);
      if (term !== undefined) ranked.push({ score: rounded(score), term });
    }
  }
  ranked.sort((p, q) => q.score - p.score || compareTerms(p.term, q.term));
  const kept: Candidate[] = [];
  const seen = new Set<string>();
  for (const { term, score } of ranked) {
    if (kept.length === KEPT || score === 0) break;
    if (seen.has(term.key)) continue;
    seen.add(term.key);
    const candidate = standardised(space, term, n);
    if (candidate !== undefined && !kept.some((other) => isSame(candidate, other))) kept.push(candidate);
  }
  return kept;
}

/** Scores equal but for rounding are ties, which the simpler term wins. */
const rounded = (score: number): number => Math.round(score * 1e9);

/** Indices with the highest scores, ascending. */
function strongest(indices: readonly number[], scores: Float64Array, most: number): readonly number[] {
  const order = [...indices].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  return order.slice(0, most).sort((a, b) => a - b);
}

/** Score that about `count` of the numbers reach. */
function threshold(lists: readonly Float64Array[], count: number): number {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  return all[all.length - count] ?? 0;
}

/** @returns undefined for a term that is constant, or all but a mark on one row */
function standardised({ bases }: ExpressionSpace, term: Monomial, n: number): Candidate | undefined {
  const values = new Float64Array(n);
  evaluate(bases, term, values);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let total = 0;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const away = (values[i] as number) - mean; // i < n
    values[i] = away;
    total += away * away;
    most = Math.max(most, away * away);
  }
  if (!(total > 0 && Number.isFinite(total)) || (n > 5 && most > MOST_OF_ONE_ROW * total)) return undefined;
  const size = Math.sqrt(total);
  for (let i = 0; i < n; i++) values[i] = (values[i] as number) / size;
  return { term, values };
}

function isSame(a: Candidate, b: Candidate): boolean {
  return Math.abs(dot(a.values, b.values)) > 1 - 1e-9;
}

function union(kept: readonly Candidate[], more: readonly Candidate[]): Candidate[] {
  return [...kept, ...more.filter((candidate) => !kept.some((other) => isSame(candidate, other)))];
}

function choose(
  { bases }: ExpressionSpace,
  kept: readonly Candidate[],
  target: Float64Array,
  size: number,
): readonly Candidate[] | undefined {
  // Simpler ones first: ties go to them.
  const list = [...kept].sort((a, b) => compareTerms(a.term, b.term));
  const length = Math.sqrt(squares(target));
  const gram = new Float64Array(list.length ** 2);
  for (const [a, { values }] of list.entries()) {
    for (const [b, other] of list.slice(0, a + 1).entries()) {
      gram[a * list.length + b] = dot(values, other.values);
      gram[b * list.length + a] = gram[a * list.length + b] as number;
    }
  }
  const best = new Float64Array(size + 1);
  const right = Float64Array.from(list, ({ values }) => dot(values, target) / length);
  const energies = Int32Array.from(list, ({ term }) => energyBase(bases, term) + 1);
  bestSubset(list.length, size, gram, right, energies, best);
  if (best[0] === -1) return undefined;
  return Array.from(best.subarray(0, size), (at) => list[at] as Candidate);
}
