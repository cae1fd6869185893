import { escapeHtml } from "./escape.ts";
import { type Html, html } from "./page.ts";

/** Rows of the table are true classes, columns what was predicted; the darker, the larger the share of the row. */
export function confusionTable(labels: readonly string[], confusion: readonly (readonly number[])[]): Html {
  const head = labels.map((label) => `<th>${escapeHtml(label)}</th>`).join("");
  const lines = labels.map((label, c) => {
    const own = confusion[c] ?? [];
    const total = own.reduce((sum, count) => sum + count, 0);
    const cells = own.map((count, j) => {
      const share = total === 0 ? 0 : count / total;
      const colour = j === c ? "0,114,178" : "213,94,0";
      return `<td style="background:rgba(${colour},${(0.75 * share).toFixed(2)})">${count === 0 ? "·" : count}</td>`;
    });
    return `<tr><th>${escapeHtml(label)}</th>${cells.join("")}</tr>`;
  });
  return html(
    `<table class="confusion"><thead><tr><th></th>${head}</tr></thead><tbody>${lines.join("\n")}</tbody></table>`,
  );
}
