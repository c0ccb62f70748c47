package dev.turnout.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority of its own, made by the JDK's keytool, with what it has signed. */
public final class TestCa {
  /** Opens every store here; they last as long as the build's directory. */
  public static final String PASSWORD = "changeit";

  private final Path directory;

  private TestCa(Path directory) {
    this.directory = directory;
  }

  /** A new authority in an empty directory below the build's. */
  public static TestCa create(String name) throws IOException {
    Files.createDirectories(Path.of("target/test-data"));
    var ca = new TestCa(Files.createTempDirectory(Path.of("target/test-data"), name));
    ca.pair("ca", "-ext", "bc:c");
    ca.keytool("-exportcert", "-rfc", "-alias", "ca", "-file", ca.file("ca.pem"), "ca");
    ca.keytool("-importcert", "-noprompt", "-alias", "ca", "-file", ca.file("ca.pem"), "trust");
    return ca;
  }

  /** The authority that was made in this directory. */
  public static TestCa at(String directory) {
    return new TestCa(Path.of(directory));
  }

  public Path directory() {
    return directory;
  }

  /** The store of this name: {@code trust} has the authority, others a pair with its chain. */
  public Path store(String name) {
    return directory.resolve(name + ".p12").toAbsolutePath();
  }

  /** A pair for this name, signed here; good for the loopback. */
  public TestCa sign(String name) throws IOException {
    pair(name);
    keytool("-certreq", "-alias", name, "-file", file(name + ".csr"), name);
    keytool(
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-infile",
        file(name + ".csr"),
        "-outfile",
        file(name + ".pem"),
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "ca");
    keytool("-importcert", "-noprompt", "-alias", "ca", "-file", file("ca.pem"), name);
    keytool("-importcert", "-noprompt", "-alias", name, "-file", file(name + ".pem"), name);
    return this;
  }

  /** How a client trusts this authority, and which pair it shows; none when empty. */
  public SSLContext client(Optional<Path> pair) throws GeneralSecurityException, IOException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load(store("trust")));
    var shown = new KeyManager[0];
    if (pair.isPresent()) {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(pair.get()), PASSWORD.toCharArray());
      shown = keys.getKeyManagers();
    }
    var context = SSLContext.getInstance("TLS");
    context.init(shown, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(file)) {
      store.load(bytes, PASSWORD.toCharArray());
    }
    return store;
  }

  private void pair(String name, String... more) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name));
    arguments.addAll(List.of(more));
    arguments.add(name);
    keytool(arguments.toArray(String[]::new));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  /** Runs keytool; the last argument names the store. */
  private void keytool(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments).subList(0, arguments.length - 1));
    command.addAll(List.of("-keystore", store(arguments[arguments.length - 1]).toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(command.get(1) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
