/* replies.h - what large replies may take of the server: so many are composed at once, and so much
 * of the disk is held by those that clients have not read yet; inside this room.
 *
 * The rest waits without a worker: the organizations take turns, and each has its own share of the
 * disk. A reply is on record from its first byte on disk until its exchange ends, however that
 * comes about. */
#pragma once
#include "api/request.h"

enum { REPLY_LARGE_BYTES = 1024 * 1024 }; /* of what it is made from */

struct replies;
struct replies *replies_create(const struct replies_settings *settings);
void replies_destroy(struct replies *replies);   /* NULL is fine */
uint64_t replies_bytes(struct replies *replies); /* on disk now */

/* Before a handler that changes nothing reads what its reply is made from: about so many bytes.
 * A large reply gets a place until the turn ends. Failed, and request->waits_for_place set: the
 * request is parked, and its route will be run once more. */
bool replies_begin(struct request *request, uint64_t bytes, struct error *error);

/* Before a reply takes so many more bytes of the disk. Who has changed something gets its answer
 * in any case: see replies_check_room. */
bool replies_take(struct request *request, uint64_t bytes, struct error *error);
/* After a reply that cannot be finished has left the disk. may_run_again: where it was for want of
 * room, the request waits for that, as above. */
void replies_give_up(struct request *request, bool may_run_again);
/* Before a request that changes something begins. */
bool replies_check_room(struct request *request, struct error *error);

void replies_end_turn(struct request *request);
void replies_close(struct request *request); /* when the exchange ends */
