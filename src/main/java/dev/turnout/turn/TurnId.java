package dev.turnout.turn;

import java.util.UUID;

/** Names one turn for ever. A version 7 UUID, so that ids sort by the time of acceptance. */
public record TurnId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
