package dev.turnout.session;

/**
 * What a backend remembers of a session.
 *
 * @param ref the backend's own id of the conversation
 * @param knownSeq the newest turn that it has seen; what came after it has to be told
 */
public record BackendMemory(String ref, long knownSeq) {}
