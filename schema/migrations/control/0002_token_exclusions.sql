CREATE TABLE `token_exclusions` (
	`token_id` text NOT NULL,
	`organization_id` text NOT NULL,
	`excluded_by` text NOT NULL,
	`excluded_at` integer NOT NULL,
	PRIMARY KEY(`token_id`, `organization_id`),
	FOREIGN KEY (`token_id`) REFERENCES `api_tokens`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE cascade
);
