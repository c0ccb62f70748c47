/** Who calls: API keys and their scopes. Knows nothing of HTTP. */
@NullMarked
package dev.turnout.identity;

import org.jspecify.annotations.NullMarked;
