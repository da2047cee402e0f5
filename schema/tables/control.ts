/**
 * The control database: accounts, organisations, projects, keys, tokens.
 * @module
 */
export {};
