package dev.turnout.livesession;

import java.util.List;

/** An owner and what belongs to it, to be shown. */
public record OwnerView(String owner, List<OwnedResource> resources, List<Long> pids) {}
