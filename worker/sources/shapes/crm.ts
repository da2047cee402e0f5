/**
 * The common shape of CRMs.
 * @module
 */

/** A contact of the CRM. Times are epoch ms. */
export interface Contact {
  contact_id: string;
  created_at: number;
  email_hash: string | null;
  lifecycle_stage: string | null;
  source: string | null;
  utm_source: string | null;
  utm_medium: string | null;
  utm_campaign: string | null;
  country: string | null;
  company: string | null;
  owner: string | null;
  became_customer_at: number | null;
}

/** A deal: open, won or lost. */
export interface Deal {
  deal_id: string;
  created_at: number;
  name: string | null;
  pipeline_id: string | null;
  stage_id: string | null;
  is_won: boolean;
  is_closed: boolean;
  owner: string | null;
  currency: string | null;
  amount_minor: number | null;
  /** When it was closed, or is expected to be. */
  closed_at: number | null;
  contact_ids: string[];
}

/** Labels of a pipeline and its stages, by id. */
export interface Pipeline {
  id: string;
  label: string;
  stages: ReadonlyMap<string, string>;
}
