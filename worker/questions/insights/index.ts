/**
 * Insights: the kinds of questions that widgets, the API and MCP can ask.
 * @module
 */
export { answerInsights, type InsightQuery } from "./answer";
