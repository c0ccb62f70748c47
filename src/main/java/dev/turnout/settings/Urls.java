package dev.turnout.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Addresses that are asked over HTTP. */
final class Urls {
  private Urls() {}

  /** This text as an http or https URL with a host; empty when it is none. */
  static Optional<URI> of(String text) {
    try {
      var url = new URI(text);
      return url.getHost() != null && List.of("http", "https").contains(url.getScheme())
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
