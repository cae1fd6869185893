/**
 * The candidates that a misspelt name most likely meant, best first: edit distance (Damerau–Levenshtein with adjacent
 * transpositions, case ignored) of at most a third of the longer name, or one containing the other.
 *
 * @example
 * nearestNames("Yeild strength", ["Yield strength", "Hardness"]); // ["Yield strength"]
 */
export function nearestNames(name: string, candidates: readonly string[], most = 3): string[] {
  const wanted = name.trim().toLowerCase();
  return candidates
    .map((candidate) => {
      const text = candidate.toLowerCase();
      const distance = editDistance(wanted, text);
      const contains = wanted.length >= 3 && (text.includes(wanted) || wanted.includes(text));
      return { candidate, distance, close: contains || distance <= Math.max(wanted.length, text.length) / 3 };
    })
    .filter((entry) => entry.close)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map((entry) => entry.candidate);
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? a.length;
}
