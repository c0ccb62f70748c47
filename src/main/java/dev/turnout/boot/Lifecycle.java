package dev.turnout.boot;

import dev.turnout.cooldown.Cooldowns;
import dev.turnout.drill.FaultDrills;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.process.Leftovers;
import dev.turnout.runtimeconfig.RuntimeConfig;
import dev.turnout.settings.InstallationSettings;
import dev.turnout.telemetry.CooldownGauges;
import dev.turnout.worker.DecisionSweep;
import dev.turnout.worker.ReplicaHome;
import dev.turnout.worker.ResetWatch;
import dev.turnout.worker.RetentionSweep;
import dev.turnout.worker.SessionSweep;
import dev.turnout.worker.WarmKeeper;
import dev.turnout.worker.WorkerPool;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What has to happen in order when the application starts and when it ends. */
@ApplicationScoped
class Lifecycle {
  private static final Logger LOG = System.getLogger(Lifecycle.class.getName());

  private final InstallationSettings installation;
  private final RuntimeConfig config;
  private final Cooldowns cooldowns;
  private final CooldownGauges gauges;
  private final FaultDrills drills;
  private final WorkerPool workers;
  private final SessionSweep sweep;
  private final ResetWatch resets;
  private final DecisionSweep decisions;
  private final RetentionSweep retention;
  private final OwnerLedger ledger;
  private final LiveSessions living;
  private final WarmKeeper warm;

  Lifecycle(
      InstallationSettings installation,
      WorkerPool workers,
      SessionSweep sweep,
      ResetWatch resets,
      DecisionSweep decisions,
      RetentionSweep retention,
      RuntimeConfig config,
      Cooldowns cooldowns,
      CooldownGauges gauges,
      FaultDrills drills,
      OwnerLedger ledger,
      LiveSessions living,
      WarmKeeper warm) {
    this.gauges = gauges;
    this.config = config;
    this.cooldowns = cooldowns;
    this.drills = drills;
    this.installation = installation;
    this.workers = workers;
    this.sweep = sweep;
    this.resets = resets;
    this.decisions = decisions;
    this.retention = retention;
    this.ledger = ledger;
    this.living = living;
    this.warm = warm;
  }

  void onStart(@Observes StartupEvent event) throws IOException {
    var data = installation.dataDirectory();
    var home = identity(data);
    long pid = ProcessHandle.current().pid();
    // First of all: whatever follows asks for the settings in force.
    config.start(new RuntimeConfig.Replica(home, host(), pid));
    // A replica that runs nothing shows and clears them all the same.
    cooldowns.start();
    gauges.start();
    drills.start();
    if (!installation.worker()) {
      return;
    }
    // INVARIANT: before the first claim. A process that a killed Turnout left may still be at work
    // on the very turn that is about to run again.
    int ended = Leftovers.endAll(data.toString());
    if (ended > 0) {
      LOG.log(Level.WARNING, "ended {0} processes that the last start had left", ended);
    }
    // After the mark, which knows more: what has thrown its environment away, and all files.
    var swept = ledger.sweep();
    if (swept.owners() > 0) {
      LOG.log(
          Level.WARNING,
          "removed what {0} owners of the last start had left: {1} processes, {2} files",
          swept.owners(),
          swept.processes(),
          swept.resources());
    }
    living.start();
    workers.start(new ReplicaHome(home, host(), pid, installation.lease()));
    sweep.start();
    resets.start();
    decisions.start();
    warm.start();
    retention.start();
  }

  void onStop(@Observes ShutdownEvent event) throws InterruptedException {
    sweep.stop();
    resets.stop();
    decisions.stop();
    warm.stop();
    retention.stop();
    workers.drain();
    // After the runs: whoever still has a turn finishes it there.
    living.stop();
    gauges.stop();
    drills.stop();
    cooldowns.stop();
    config.stop();
  }

  /** Made once: a copy of the directory on another machine must not claim to be this one. */
  private static String identity(Path data) throws IOException {
    var file = data.resolve("identity");
    if (!Files.exists(file)) {
      Files.createDirectories(data);
      PrivateFile.write(file, UUID.randomUUID().toString());
    }
    return Files.readString(file).strip() + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
