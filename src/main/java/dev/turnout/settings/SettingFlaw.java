package dev.turnout.settings;

/**
 * A place in a document that does not hold.
 *
 * @param pointer a JSON pointer; it may lead to what is missing
 * @param why ends a sentence that begins with the place
 */
public record SettingFlaw(String pointer, String why) {}
