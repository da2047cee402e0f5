CREATE TABLE `commits` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`segment` text,
	`committed_at` integer NOT NULL,
	`received_until` integer NOT NULL,
	`projects` text NOT NULL,
	`drops` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `dead_letters` (
	`id` text PRIMARY KEY NOT NULL,
	`project` text,
	`key` text,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`attempts` integer NOT NULL,
	`failed_at` integer NOT NULL,
	`replayed_at` integer
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `dead_letters_by_project` ON `dead_letters` (`project`,`failed_at`);--> statement-breakpoint
CREATE TABLE `derived_days` (
	`project` text NOT NULL,
	`day` integer NOT NULL,
	`epoch` integer NOT NULL,
	`derived_at` integer NOT NULL,
	`events` integer NOT NULL,
	PRIMARY KEY(`project`, `day`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `dirty_days` (
	`project` text NOT NULL,
	`day` integer NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`project`, `day`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `dirty_records` (
	`project` text NOT NULL,
	`source` text NOT NULL,
	`stream` text NOT NULL,
	`month` text NOT NULL,
	`change` integer NOT NULL,
	PRIMARY KEY(`project`, `source`, `stream`, `month`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `drops` (
	`project` text NOT NULL,
	`day` integer NOT NULL,
	`reason` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`project`, `day`, `reason`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `fold_state` (
	`project` text PRIMARY KEY NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`epoch` integer DEFAULT 0 NOT NULL,
	`timezone` text DEFAULT 'UTC' NOT NULL,
	`complete_until` integer,
	`first_event_at` integer,
	`sealed_until` integer DEFAULT 0 NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `marts` (
	`project` text NOT NULL,
	`dataset` text NOT NULL,
	`partition` text NOT NULL,
	`segment` text,
	`complete_until` integer,
	`basis` text DEFAULT '' NOT NULL,
	`built_at` integer NOT NULL,
	PRIMARY KEY(`project`, `dataset`, `partition`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `open_sessions` (
	`project` text NOT NULL,
	`page` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`project`, `page`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `people` (
	`project` text NOT NULL,
	`distinct_id` text NOT NULL,
	`identified_at` integer NOT NULL,
	PRIMARY KEY(`project`, `distinct_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `rollups` (
	`project` text NOT NULL,
	`grain` text NOT NULL,
	`dimension` text NOT NULL,
	`bucket` integer NOT NULL,
	`sealed` integer DEFAULT 0 NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`project`, `grain`, `dimension`, `bucket`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `segments` (
	`id` text NOT NULL,
	`dataset` text NOT NULL,
	`level` integer NOT NULL,
	`rows` integer NOT NULL,
	`bytes` integer NOT NULL,
	`min_time` integer NOT NULL,
	`max_time` integer NOT NULL,
	`projects` text NOT NULL,
	`seq` integer NOT NULL,
	`created_at` integer NOT NULL,
	`dead_at` integer,
	PRIMARY KEY(`dataset`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `source_pages` (
	`project` text NOT NULL,
	`source` text NOT NULL,
	`stream` text NOT NULL,
	`account` text NOT NULL,
	`generation` integer NOT NULL,
	`day` text NOT NULL,
	`part` integer NOT NULL,
	`body` text NOT NULL,
	`rows` integer NOT NULL,
	`changed_at` integer NOT NULL,
	PRIMARY KEY(`project`, `source`, `stream`, `account`, `generation`, `day`, `part`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `source_records` (
	`project` text NOT NULL,
	`source` text NOT NULL,
	`stream` text NOT NULL,
	`account` text NOT NULL,
	`generation` integer NOT NULL,
	`key` text NOT NULL,
	`body` text NOT NULL,
	`changed_at` integer NOT NULL,
	`removed_at` integer,
	PRIMARY KEY(`project`, `source`, `stream`, `account`, `generation`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `source_streams` (
	`project` text NOT NULL,
	`source` text NOT NULL,
	`stream` text NOT NULL,
	`account` text NOT NULL,
	`version` integer NOT NULL,
	`generation` integer NOT NULL,
	`building` integer,
	`state` text NOT NULL,
	`complete_until` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`project`, `source`, `stream`, `account`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `watches` (
	`project` text PRIMARY KEY NOT NULL,
	`until` integer NOT NULL,
	`keep_1_in` integer DEFAULT 1 NOT NULL
) WITHOUT ROWID;
