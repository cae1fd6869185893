import { findDatasetByHash } from "@materiome/datasets";
import type { DataOrigin } from "../report/trainedSource.ts";

/** What the registry of datasets knows of a file by its checksum; a licence that was given goes before the registered one. */
export function dataOrigin(path: string, sha256: string, licence: string | undefined): DataOrigin {
  const known = findDatasetByHash(sha256)?.dataset;
  return {
    path,
    sha256,
    dataset: known && { name: known.name, title: known.title, citation: known.citation },
    licence: licence ?? known?.licence,
  };
}
