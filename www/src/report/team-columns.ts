/** The table that the team view saves, by its columns: files recognise it when somebody opens it as a report. */

/** The columns of the table, named in English, for programs. */
export const TEAM_COLUMNS = [
  'person',
  'date',
  'kind',
  'text',
  'competency',
  'level',
  'interval_low',
  'interval_high',
  'self_rating',
  'target',
  'corrected_by',
  'reason',
  'accepted',
  'parts_left_out',
  // New columns come last: by the first ones, a table of an older version is recognised.
  'model_level',
  'decision',
  'own_mark_first',
  'corrected_on',
  'open_notes',
  'objections',
  'file',
  'model',
  'model_sha256',
  'rubric',
  'rubric_version',
  'saved_on',
  'about',
] as const;
