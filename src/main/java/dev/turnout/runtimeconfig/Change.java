package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One place of a document that became another.
 *
 * @param before empty where there was nothing
 * @param after empty where there is nothing any more
 */
public record Change(String pointer, Optional<JsonNode> before, Optional<JsonNode> after) {}
