/* settling.h - asks about one mail of which nobody knows whether it was sent, and writes down what
 * was found; inside this room. */
#pragma once
#include "delivery/sender.h"

/* silence: why the mailbox's provider gave no answer when it was asked just before about another
 * mail, and then it is not asked again; NULL: it did. Set, in the arena, when it gives none now. */
void settling_run(struct delivery *delivery, const struct email *email, struct arena *arena,
                  const char **silence);
