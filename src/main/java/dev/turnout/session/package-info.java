/** Conversations: their existence, their key, what each backend remembers of them. */
@NullMarked
package dev.turnout.session;

import org.jspecify.annotations.NullMarked;
