/* dispatcher.h - decides what is sent next, and by whom; inside this room. */
#pragma once

/* A thread's function; the argument is the struct delivery; ends when it is stopping. */
void *dispatcher_run(void *delivery);
