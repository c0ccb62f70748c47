/** What the processes of agents may do here, by the token that each of them was given. */
@NullMarked
package dev.turnout.grant;

import org.jspecify.annotations.NullMarked;
