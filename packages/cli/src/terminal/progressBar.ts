import type { Progress } from "@materiome/core";

const BAR_WIDTH = 24;
const SHOW_AFTER_MS = 1000;
const REDRAW_EVERY_MS = 80;
/** Time left is told of a stage that has lasted so long: earlier it would be a guess. */
const ESTIMATE_AFTER_MS = 5000;

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Draws progress on a terminal once work has lasted a second; silent where the stream is no terminal. */
export class ProgressBar {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  readonly #started: number;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #visible = false;
  #stage: { readonly name: string; readonly began: number; readonly done: number; readonly total: number } | undefined;

  constructor(stream: ProgressStream, now: () => number = () => performance.now()) {
    this.#stream = stream;
    this.#now = now;
    this.#started = now();
  }

  readonly update = ({ stage, done, total }: Progress): void => {
    const now = this.#now();
    if (this.#stage?.name !== stage || this.#stage.total !== total || done < this.#stage.done) {
      this.#stage = { name: stage, began: now, done, total };
    }
    if (this.#stream.isTTY !== true || now - this.#started < SHOW_AFTER_MS) return;
    if (now - this.#lastDrawn < REDRAW_EVERY_MS && done < total) return;
    this.#lastDrawn = now;
    this.#visible = true;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * BAR_WIDTH);
    const left = timeLeft(now - this.#stage.began, done - this.#stage.done, total - done);
    const line = `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${done}/${total} ${stage}${left}`;
    this.#stream.write(`\r\u001b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  };

  /** Removes the bar, so that other lines can be printed. */
  clear(): void {
    if (this.#visible) this.#stream.write("\r\u001b[2K");
    this.#visible = false;
  }
}

/** By the mean pace of the stage so far. */
function timeLeft(elapsedMs: number, done: number, open: number): string {
  if (elapsedMs < ESTIMATE_AFTER_MS || done <= 0 || open <= 0) return "";
  const seconds = ((elapsedMs / done) * open) / 1000;
  if (seconds < 90) return `, ${Math.ceil(seconds)} s left`;
  return seconds < 5400 ? `, ${Math.round(seconds / 60)} min left` : `, ${(seconds / 3600).toFixed(1)} h left`;
}
