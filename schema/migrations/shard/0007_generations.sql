CREATE TABLE `retired_generations` (
	`project` text NOT NULL,
	`generation` integer NOT NULL,
	`timezone` text NOT NULL,
	`retired_at` integer NOT NULL,
	PRIMARY KEY(`project`, `generation`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `fold_state` ADD `generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `fold_state` ADD `last_generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `fold_state` ADD `next_timezone` text;--> statement-breakpoint
ALTER TABLE `fold_state` ADD `next_since` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `fold_state` ADD `next_days` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `fold_state_changing` ON `fold_state` (`project`) WHERE next_timezone IS NOT NULL;