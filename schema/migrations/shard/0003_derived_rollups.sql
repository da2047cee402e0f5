CREATE TABLE `derived_rollups` (
	`project` text NOT NULL,
	`grain` text NOT NULL,
	`dimension` text NOT NULL,
	`bucket` integer NOT NULL,
	`sealed` integer DEFAULT 0 NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`project`, `grain`, `dimension`, `bucket`)
) WITHOUT ROWID;
