import {
  checkDataset,
  type DatasetCheck,
  type DatasetManifest,
  dataFolders,
  datasetFileUrl,
  datasetInfo,
  listDatasets,
} from "@materiome/datasets";
import { EXIT, type SetExitCode } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";

/** `materiome datasets list` */
export async function listCommand(session: Session): Promise<void> {
  const datasets = listDatasets();
  session.result({ datasets });
  const rows = datasets.map((d) => [
    d.name,
    d.nRows === undefined ? `${d.nImages ?? d.nFiles} files` : `${d.nRows} rows`,
    `${(d.bytes / 1e6).toFixed(d.bytes < 1e6 ? 2 : 0)} MB`,
    d.title,
  ]);
  session.output(textTable(["name", "size", "on disk", "what it is"], rows));
  session.say(
    `\n${datasets.length} datasets; materiome datasets info NAME shows source, licence and columns, fetch NAME brings the files.`,
  );
}

/** `materiome datasets info NAME` */
export async function infoCommand(name: string, session: Session): Promise<void> {
  const manifest = datasetInfo(name);
  session.result(manifest);
  session.output(describe(manifest));
}

function describe(manifest: DatasetManifest): string {
  const { source } = manifest;
  const lines = [
    manifest.title,
    `task      ${manifest.task}`,
    `citation  ${manifest.citation}`,
    `licence   ${manifest.licence}`,
    `source    https://github.com/${source.repository} at ${source.commit}`,
  ];
  for (const table of manifest.tables) {
    lines.push(
      `\n${table.file}: ${table.nRows} rows`,
      textTable(
        ["column", "role", "unit", "meaning"],
        table.columns.map((c) => [c.name, c.role, c.unit, c.description]),
      ),
    );
  }
  const first = manifest.files[0];
  const url = first === undefined ? undefined : datasetFileUrl(manifest, first);
  lines.push(`\n${manifest.files.length} files${url === undefined ? "" : `, the first from ${url}`}`);
  for (const note of manifest.notes) lines.push(`note: ${note}`);
  return lines.join("\n");
}

/** `materiome datasets check [NAMES]`: exit code 4 if files are missing, 3 if one differs from its checksum. */
export async function checkCommand(
  names: readonly string[],
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  const wanted = names.length > 0 ? names : listDatasets().map((dataset) => dataset.name);
  const checks: DatasetCheck[] = [];
  for (const name of wanted) {
    const check = await checkDataset(name, { signal: session.signal, onProgress: session.onProgress });
    checks.push(check);
    session.output(
      `${check.name.padEnd(34)} ${check.ok ? "ok" : problem(check)}  (${check.nOk} of ${check.files.length} files)`,
    );
    for (const file of check.files) {
      if (file.status !== "mismatch") continue;
      session.output(`  ${file.file}: sha256 ${file.found?.sha256}, expected ${file.expected.sha256}; fetch it again`);
    }
  }
  session.result({ folders: dataFolders(), datasets: checks });
  if (checks.some((check) => check.nMissing > 0)) {
    setExitCode(EXIT.someSkipped);
    session.say(
      `\nSearched ${dataFolders().join(", ")}; materiome datasets fetch NAME brings them; or set MATERIOME_DATA to a folder that holds <dataset>/<file>.`,
    );
  }
  if (checks.some((check) => check.nMismatch > 0)) setExitCode(EXIT.badInput);
}

function problem(check: DatasetCheck): string {
  return check.nMismatch > 0 ? "DIFFERS" : "missing";
}
