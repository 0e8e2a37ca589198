/* dispatcher.h - decides what is sent next, and by whom; inside this room. */
#pragma once
#include "delivery/sender.h"

/* Makes `unknown` of everything in `sending` that nobody here is sending: with until = the end of
 * time all of it (at the start), with now what has outlived its lease. */
bool dispatcher_recover(struct delivery *delivery, moment until, struct error *error);

/* A thread: argument is the struct delivery; ends when it is stopping. */
void *dispatcher_run(void *delivery);
