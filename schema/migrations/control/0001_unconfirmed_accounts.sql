ALTER TABLE `invitations` ADD `by_mail` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `users_unconfirmed` ON `users` (`created_at`) WHERE "users"."email_verified" = 0;--> statement-breakpoint
CREATE INDEX `verifications_by_value` ON `verifications` (`value`);