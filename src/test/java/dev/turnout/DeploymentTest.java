package dev.turnout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the Kubernetes base promises about the program, held against the program. */
class DeploymentTest {
  private static final Path BASE = Path.of("deploy/base");
  private final Map<String, String> deployment = properties("deployment.yaml");

  @Test
  void podIsGivenMoreTimeThanPreStopAndDrainTake() {
    var pod = "spec.template.spec.";
    long given = Long.parseLong(value(pod + "terminationGracePeriodSeconds"));
    long preStop = Long.parseLong(value(pod + "containers[0].lifecycle.preStop.sleep.seconds"));
    var drain = properties("turnout.yaml").get("turnout.queue.drain-grace");
    assertNotNull(drain);

    long needed = preStop + Duration.parse("PT" + drain).toSeconds();

    assertTrue(given >= needed + 10, given + " s are not 10 more than " + needed);
  }

  @Test
  void userIsTheOneOfTheImage() throws IOException {
    var image = Files.readString(Path.of("src/main/docker/Dockerfile.jvm"));

    assertTrue(image.contains("\nUSER " + value("spec.template.spec.securityContext.runAsUser")));
    assertEquals("true", value("spec.template.spec.securityContext.runAsNonRoot"));
    assertEquals(
        "true", value("spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem"));
  }

  /** A mount of a single file, or a new name, would keep a new content from the pods that run. */
  @Test
  void newSettingsReachThePodsThatRun() {
    assertEquals(
        "true", properties("kustomization.yaml").get("generatorOptions.disableNameSuffixHash"));
    assertEquals(
        "turnout-settings", properties("kustomization.yaml").get("configMapGenerator[0].name"));
    var mounts = "spec.template.spec.containers[0].volumeMounts";
    for (int i = 0; deployment.containsKey(mounts + "[" + i + "].name"); i++) {
      assertFalse(deployment.containsKey(mounts + "[" + i + "].subPath"), "a file by itself");
    }
  }

  /** The root is read-only: what the image is told to write to must be a volume. */
  @Test
  void directoriesThatAreWrittenToAreVolumes() throws IOException {
    var image = Files.readString(Path.of("src/main/docker/Dockerfile.jvm"));
    var data = Pattern.compile("TURNOUT_DATA_DIR=(\\S+)").matcher(image);
    assertTrue(data.find());

    assertTrue(deployment.containsValue(data.group(1)), "no volume at " + data.group(1));
    assertTrue(deployment.containsValue("/tmp"), "no volume at /tmp");
  }

  @Test
  void secretsAreReferencesOnly() {
    var secrets = List.of("QUARKUS_DATASOURCE_PASSWORD", "TURNOUT_BOOTSTRAP_KEY");
    var env = "spec.template.spec.containers[0].env";
    int found = 0;
    for (int i = 0; deployment.containsKey(env + "[" + i + "].name"); i++) {
      if (secrets.contains(deployment.get(env + "[" + i + "].name"))) {
        assertNotNull(deployment.get(env + "[" + i + "].valueFrom.secretKeyRef.name"));
        found++;
      }
    }

    assertEquals(secrets.size(), found);
  }

  @Test
  void probesAskWhatNeedsNoKey() throws IOException {
    var application = Files.readString(Path.of("src/main/resources/application.properties"));
    assertTrue(application.contains("permission.health.paths=/q/health,/q/health/*"));

    for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      var path = value("spec.template.spec.containers[0]." + probe + ".httpGet.path");
      assertTrue(path.startsWith("/q/health/"), path);
    }
  }

  private String value(String name) {
    var value = deployment.get(name);
    assertNotNull(value, name);
    return value;
  }

  private static Map<String, String> properties(String file) {
    try {
      return new YamlConfigSource(BASE.resolve(file).toUri().toURL()).getProperties();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
