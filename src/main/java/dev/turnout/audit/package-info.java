/** Who changed what, and why: lines that are added and never changed. Owns its table. */
@NullMarked
package dev.turnout.audit;

import org.jspecify.annotations.NullMarked;
