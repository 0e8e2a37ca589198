/* recovery.h - mail that was left in `sending` by a sender that is gone; inside this room. */
#pragma once
#include "delivery/sender.h"

/* Makes `unknown` of everything in `sending` that nobody here is sending: with until = the end of
 * time all of it (at the start), with now what has outlived its lease. */
bool recovery_run(struct delivery *delivery, moment until, struct error *error);
