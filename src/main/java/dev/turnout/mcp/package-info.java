/** Turnout's own tools for agents, over MCP, each process with a token of its own. */
@NullMarked
package dev.turnout.mcp;

import org.jspecify.annotations.NullMarked;
