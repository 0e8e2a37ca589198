/* record.h - writes down how an attempt ended; inside this room. */
#pragma once
#include "delivery/sender.h"

/* Moves the email as the outcome says. Does not give up while the process lives: an outcome that
 * is not recorded would leave the mail in doubt. */
void record_outcome(struct turn *turn, const struct outcome *outcome);
