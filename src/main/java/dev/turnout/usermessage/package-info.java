/**
 * What a person is told when nobody answered: a pure function of the reasons, so that it can say
 * nothing that did not happen.
 */
@NullMarked
package dev.turnout.usermessage;

import org.jspecify.annotations.NullMarked;
