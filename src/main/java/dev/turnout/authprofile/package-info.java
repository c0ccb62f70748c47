/**
 * Credentials by reference. The value of a secret leaves this room only into the attempt that needs
 * it.
 */
@NullMarked
package dev.turnout.authprofile;

import org.jspecify.annotations.NullMarked;
