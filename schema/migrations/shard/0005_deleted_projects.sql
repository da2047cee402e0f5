CREATE TABLE `deleted_projects` (
	`project` text PRIMARY KEY NOT NULL,
	`deleted_at` integer NOT NULL
) WITHOUT ROWID;
