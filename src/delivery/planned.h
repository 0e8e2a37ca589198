/* planned.h - drafts whose planned time has come become queued mail; inside this room. */
#pragma once
#include "store/queue_store.h"

/* Queues what is due, a few hundred at a time, so that other writers have their turn between; then
 * it waits like any other. The session is of a db_write. */
bool planned_queue(struct session *session, moment now, struct arena *arena, struct error *error);
