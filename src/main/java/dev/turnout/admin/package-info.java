/** The operator's API in JSON. */
@NullMarked
package dev.turnout.admin;

import org.jspecify.annotations.NullMarked;
