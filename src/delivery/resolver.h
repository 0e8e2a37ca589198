/* resolver.h - settles mail of which nobody knows whether it was sent, by asking its provider;
 * inside this room.
 *
 * A mail that a crash left unknown before it was written out has certainly not been sent. For the
 * others the provider is asked (provider.h: probe), with growing pauses; what it cannot tell stays
 * unknown until a person decides. Nothing is sent again before. */
#pragma once
#include "delivery/sender.h"

/* A thread's function; the argument is the struct delivery. Wakes when "unknown" rings. */
void *resolver_run(void *delivery);
