package dev.turnout.runtimeconfig;

import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.authprofile.CredentialLookup;
import dev.turnout.settings.SettingsCompiler;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.AuthProfileId;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Settings and secrets as Kubernetes mounts them: the file is a link through {@code ..data}, which
 * is swapped for another directory in one step.
 */
@Timeout(60)
class MountedFilesIT {
  @TempDir private Path mount;
  private int version;

  /** What the kubelet does with a new content. */
  private void swap(String name, String text) throws IOException {
    var next = Files.createDirectory(mount.resolve("..v" + ++version));
    Files.writeString(next.resolve(name), text);
    var link = mount.resolve("..data_tmp");
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    var file = mount.resolve(name);
    if (!Files.isSymbolicLink(file)) {
      Files.createSymbolicLink(file, Path.of("..data").resolve(name));
    }
  }

  private RuntimeConfig.Layers yaml(Path file) {
    return new RuntimeConfig.Layers() {
      @Override
      public SettingsCompiler read() {
        try {
          return SettingsCompiler.of(new YamlConfigSource(file.toUri().toURL()).getProperties());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public List<Path> files() {
        return List.of(file);
      }
    };
  }

  @Test
  void swappedSettingsAreTakenUpAndBrokenOnesAreNot() throws IOException {
    swap("turnout.yaml", "turnout: {queue: {session-cap: 40}}");
    try (var database = TestDatabase.migrated();
        var replica = new ConfigReplica(database, yaml(mount.resolve("turnout.yaml"))).start()) {
      assertEquals(40, replica.config.snapshot().queue().sessionCap());

      // Of the same length, and in the same second: only the link tells.
      swap("turnout.yaml", "turnout: {queue: {session-cap: 41}}");
      await().until(() -> replica.config.snapshot().queue().sessionCap() == 41);

      swap("turnout.yaml", "turnout: {queue: {session-cap: -1}}");
      await()
          .until(
              () ->
                  replica.config.replicas().stream()
                      .anyMatch(state -> state.error().orElse("").contains("/queue/session-cap")));
      assertEquals(41, replica.config.snapshot().queue().sessionCap());

      swap("turnout.yaml", "turnout: {queue: {session-cap: 42}}");
      await().until(() -> replica.config.snapshot().queue().sessionCap() == 42);
      await()
          .until(
              () -> replica.config.replicas().stream().allMatch(state -> state.error().isEmpty()));
    }
  }

  @Test
  void swappedSecretIsReadByTheNextAttempt() throws IOException {
    swap("key", "first-secret\n");
    var profile =
        Map.of(
            "turnout.auth-profiles.p.provider",
            "openai",
            "turnout.auth-profiles.p.secret",
            "file:" + mount.resolve("key"));
    try (var database = TestDatabase.migrated();
        var replica = new ConfigReplica(database, profile)) {
      var profiles = new AuthProfiles(replica.config, _ -> Optional.empty());
      assertEquals("first-secret", secret(profiles));
      var before = profiles.fingerprint(new AuthProfileId("p"), new byte[] {1});

      swap("key", "other-secret\n");

      assertEquals("other-secret", secret(profiles));
      assertTrue(!before.equals(profiles.fingerprint(new AuthProfileId("p"), new byte[] {1})));
    }
  }

  private static String secret(AuthProfiles profiles) {
    return switch (profiles.credential(new AuthProfileId("p"), Optional.empty())) {
      case CredentialLookup.Found(var credential) -> credential.value();
      case CredentialLookup.Missing _, CredentialLookup.LoggedInElsewhere _ ->
          throw new AssertionError("no secret");
    };
  }
}
