/** Claims, runs, keeps alive, settles, drains. */
@NullMarked
package dev.turnout.worker;

import org.jspecify.annotations.NullMarked;
