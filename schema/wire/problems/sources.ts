/**
 * Problems of sources, their records, models and data quality.
 * @module
 */
import type { ProblemTable } from "./table";

export const SOURCE_PROBLEMS = {
  delivery_signature_invalid: [401, "The signature of the delivery is missing, wrong or too old"],
  consent_not_found: [404, "The consent is unknown or was already used"],
  stream_not_found: [404, "The source has no such stream"],
  source_kind_mismatch: [409, "The source is of another kind"],
  source_not_active: [409, "The source is not active"],
  source_not_connected: [409, "The source is not connected"],
  source_paused: [409, "The source is paused"],
  sync_not_running: [409, "No sync is running"],
  sync_state_changed: [409, "A sync has just started or ended"],
  mapping_missing: [409, "The source has no mapping"],
  records_already_mapped: [409, "The vendor's records need no mapping"],
  source_limit_reached: [422, "The project has the maximum number of sources"],
  source_key_missing: [422, "A required key is missing"],
  source_key_invalid: [422, "A key has the wrong format"],
  source_setting_invalid: [422, "A setting is not valid"],
  source_url_not_allowed: [422, "The URL is not allowed"],
  oauth_client_missing: [422, "This deployment has no OAuth client at the vendor"],
  vendor_refused: [422, "The vendor refused the request"],
  csv_invalid: [422, "The file is not valid CSV"],
  sample_invalid: [422, "The sample contains no records"],
  delivery_invalid: [422, "The delivery contains no records"],
  row_invalid: [422, "A row does not fit the mapping"],
  too_many_rows: [422, "The request has too many rows"],
  source_busy: [503, "Another writer is using the source"],
  vendor_unavailable: [503, "The vendor is not available"],
} as const satisfies ProblemTable;
