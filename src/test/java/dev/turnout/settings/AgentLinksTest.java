package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.RouteChoice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller chose is what may answer, and nothing else. */
class AgentLinksTest {
  private static final AgentSettings AGENT =
      YamlSettings.read(
              """
              turnout:
                backends: {c: {kind: claude}, d: {kind: codex}}
                auth-profiles: {one: {provider: x}, two: {provider: x}, three: {provider: x}}
                agents:
                  a:
                    chain:
                      - {backend: c, model: big, auth-profiles: [one, two]}
                      - {backend: c, model: big}
                      - {backend: d, model: big, auth-profile: one}
                      - {backend: c, model: small, auth-profile: two, last-resort: true}
              """)
          .agent(new AgentId("a"))
          .orElseThrow();

  /** Each row: model, backend and auth profile as chosen, then who may answer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -   | - | -     | c/big as one, c/big as two, c/big, d/big as one, c/small as two
          new | - | -     | c/new as one, c/new as two, c/new
          -   | c | -     | c/big as one, c/big as two, c/big, c/small as two
          -   | d | -     | d/big as one
          new | d | -     | d/new as one
          -   | e | -     | e
          new | e | three | e/new as three
          -   | - | one   | c/big as one, d/big as one
          -   | - | two   | c/big as two, c/small as two
          -   | - | three | c/big as three
          new | - | two   | c/new as two
          -   | d | two   | d/big as two
          """)
  void choiceIsKeptTo(
      @Nullable String model,
      @Nullable String backend,
      @Nullable String profile,
      String candidates) {
    var choice =
        new RouteChoice(
            Optional.ofNullable(model),
            Optional.ofNullable(backend).map(BackendId::new),
            Optional.ofNullable(profile).map(AuthProfileId::new),
            List.of());

    assertEquals(
        List.of(candidates.split(", ")),
        AGENT.linksFor(choice).stream()
            .flatMap(link -> link.candidates().stream())
            .map(Object::toString)
            .toList());
  }

  @Test
  void chosenChainIsTheWholeChainAndALastResortStaysOne() {
    var last = AGENT.chain().getLast();
    var other = new Candidate(new BackendId("e"), Optional.empty(), Optional.empty());
    var choice =
        new RouteChoice(Optional.empty(), Optional.empty(), Optional.empty(), List.of(other, last));

    assertEquals(
        List.of(ChainLink.of(other, false), ChainLink.of(last, true)), AGENT.linksFor(choice));
  }
}
