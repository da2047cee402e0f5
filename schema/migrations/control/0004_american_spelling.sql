UPDATE `projects` SET `settings` = replace(replace(`settings`, '"honour_gpc"', '"honor_gpc"'), '"honour_dnt"', '"honor_dnt"');--> statement-breakpoint
UPDATE `sync_runs` SET `status` = 'canceled' WHERE `status` = 'cancelled';
