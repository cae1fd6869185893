import { DomainError } from "@materiome/core";
import { datasetInfo, type FetchedDataset, type FetchedFile, fetchDataset } from "@materiome/datasets";
import { EXIT, type SetExitCode } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";

export interface FetchCommandOptions {
  readonly dir?: string | undefined;
  readonly mirror?: string | undefined;
}

/** `materiome datasets fetch NAME…`: exit code 4 if some files could not be brought, each named. */
export async function fetchCommand(
  names: readonly string[],
  { dir, mirror }: FetchCommandOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  if (mirror !== undefined && !(URL.canParse(mirror) && mirror.includes("{path}"))) {
    throw new DomainError(`--mirror: expected an address with {path} in it, got "${mirror}"`);
  }
  const wanted = [...new Set(names)].map((name) => datasetInfo(name)); // a misspelt name before any transfer
  const fetched: FetchedDataset[] = [];
  for (const manifest of wanted) {
    const result = await fetchDataset(manifest, {
      dataDir: dir,
      mirror,
      signal: session.signal,
      onProgress: session.onProgress,
    });
    fetched.push(result);
    session.output(summary(result));
    if (result.files.some((file) => file.file !== undefined))
      session.say(`licence: ${manifest.licence}\ncite:    ${manifest.citation}`);
  }
  session.result({ datasets: fetched });
  if (fetched.some(({ ok }) => !ok)) setExitCode(EXIT.someSkipped);
}

function summary({ name, folder, files }: FetchedDataset): string {
  const count = (status: FetchedFile["status"]): number => files.filter((file) => file.status === status).length;
  const bytes = files.reduce((sum, file) => sum + file.transferred, 0);
  const resumed = files.reduce((sum, file) => sum + file.resumed, 0);
  const parts = [
    `${count("fetched")} fetched (${(bytes / 1e6).toFixed(2)} MB${resumed > 0 ? `, ${(resumed / 1e6).toFixed(2)} MB kept from before` : ""})`,
    `${count("present")} already there`,
    ...(["failed", "skipped"] as const).flatMap((status) => (count(status) > 0 ? [`${count(status)} ${status}`] : [])),
  ];
  const reasons = new Map<string, string[]>(); // one line per reason: a full disk befalls a thousand images at once
  for (const { path, reason } of files) {
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), path]);
  }
  const lines = [...reasons].map(
    ([reason, [first, ...more]]) => `  ${first}${more.length > 0 ? ` and ${more.length} more files` : ""}: ${reason}`,
  );
  return [`${name}: ${parts.join(", ")}; ${folder}`, ...lines].join("\n");
}
