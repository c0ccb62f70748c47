/** Who calls: API keys and their scopes. */
@NullMarked
package dev.turnout.identity;

import org.jspecify.annotations.NullMarked;
