// Fourier transforms against scipy.fft on one thread (workers=1), in turns on the same sizes.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/fft.ts
import { createRandom } from "@materiome/core";
import { fft, inverseRealFft, realFft } from "@materiome/core/numerics";
import { median } from "./averages.ts";
import { runAsCommand } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

export interface FftCase {
  readonly name: string;
  /** Medians over all rounds. */
  readonly milliseconds: { readonly ours: number; readonly peer: number | null };
  /** Shortest of all rounds: what is left when nothing else runs. */
  readonly best: { readonly ours: number; readonly peer: number | null };
  /** Ours over SciPy's, of the medians; null where it is not installed. */
  readonly ratio: number | null;
}

export interface FftBenchmark extends Provenance {
  readonly suite: "speed";
  readonly case: "fft";
  readonly metric: "milliseconds, one thread";
  readonly cases: readonly FftCase[];
  readonly rounds: number;
}

interface Peer {
  readonly milliseconds: { readonly [name: string]: readonly number[] };
  readonly scipy: string;
}

/** Times each job in rounds of ten repeats: ours, SciPy's, and again. */
export function benchmarkFft(rounds = 5): FftBenchmark {
  const random = createRandom(1);
  const noise = Float64Array.from({ length: 2 ** 21 }, () => random.normal());
  const real = (shape: readonly number[]) => {
    const x = noise.slice(
      0,
      shape.reduce((p, n) => p * n, 1),
    );
    return () => realFft(x, shape);
  };
  const spectrum = realFft(noise.slice(0, 2 ** 20), [1024, 1024]);
  const jobs: Readonly<Record<string, () => Float64Array>> = {
    "real 1024 x 1024": real([1024, 1024]),
    "inverse real 1024 x 1024": () => inverseRealFft(spectrum, [1024, 1024]),
    "real 1000 x 750": real([1000, 750]),
    "real 128 x 128 x 64": real([128, 128, 64]),
    "complex 1024 x 1024": () => fft(noise, [1024, 1024]),
    "complex 2^20": () => fft(noise, [2 ** 20]),
    "real 1009 x 997": real([1009, 997]),
  };
  const ours = new Map<string, number[]>(Object.keys(jobs).map((name) => [name, []]));
  const peers: Peer[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(jobs)) {
      run();
      for (let k = 0; k < 10; k++) {
        const started = performance.now();
        run();
        ours.get(name)?.push(performance.now() - started);
      }
    }
    const peer = pythonPeer<Peer>("./fft_peer.py", []);
    if (peer !== undefined) peers.push(peer);
  }
  const cases = [...ours].map(([name, times]): FftCase => {
    const theirs = peers.flatMap(({ milliseconds }) => milliseconds[name] ?? []);
    const isThere = theirs.length > 0;
    return {
      name,
      milliseconds: { ours: median(times), peer: isThere ? median(theirs) : null },
      best: { ours: Math.min(...times), peer: isThere ? Math.min(...theirs) : null },
      ratio: isThere ? median(times) / median(theirs) : null,
    };
  });
  const [peer] = peers;
  return {
    suite: "speed",
    case: "fft",
    metric: "milliseconds, one thread",
    cases,
    rounds,
    ...provenance(peer === undefined ? {} : { scipy: peer.scipy }),
  };
}

function print(result: FftBenchmark): void {
  const ms = (value: number | null): string => (value === null ? "-" : value.toFixed(2)).padStart(8);
  console.log("                                ours    SciPy  ratio  (best: ours, SciPy)");
  for (const { name, milliseconds, best, ratio } of result.cases) {
    const shown = (ratio === null ? "-" : ratio.toFixed(2)).padStart(6);
    console.log(
      `  ${name.padEnd(25)} ${ms(milliseconds.ours)} ${ms(milliseconds.peer)} ${shown}  ${ms(best.ours)} ${ms(best.peer)}`,
    );
  }
  console.log(`  milliseconds; ${provenanceLine(result)}`);
}

await runAsCommand(import.meta.url, benchmarkFft, print);
