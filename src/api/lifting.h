/* lifting.h - a JSON body on its way in: its base64 values become blobs, the rest is kept; inside
 * this room. */
#pragma once
#include "api/request.h"

/* On a network thread, when the header is complete: the body goes through a lift from here on. */
void lifting_open(struct request *request);

/* On a worker: request->body is what was kept. */
bool lifting_finish(struct request *request, struct error *error);

/* Whether there is a lifted value with that number, and it was base64. */
bool lifting_is_valid(const struct request *request, size_t number);

int64_t lifting_size(const struct request *request, size_t number);

/* Gives a lifted value its name, and makes it durable: only now, because most of what is wrong
 * with a request is found before. False also for one that was not base64 (ERROR_INVALID, field). */
bool lifting_name(struct request *request, size_t number, const char *field,
                  const struct lifted **ret_lifted, struct error *error);

/* What the lifted values say, which is no longer in the body. False for one that was not base64. */
bool lifting_fingerprint(struct request *request, struct sha256 *sha, struct error *error);

/* What no handler wanted leaves nothing behind. */
void lifting_close(struct request *request);
