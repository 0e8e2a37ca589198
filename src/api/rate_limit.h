/* rate_limit.h - how many requests each token may make in a minute; inside this room.
 *
 * A bucket a token: it holds a minute's requests, and fills evenly. In memory of a fixed size, and
 * without locks. It remembers a few thousand tokens; when more of them call within a minute,
 * the one that has used the least is forgotten, and its bucket is full again. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct rate_limit;
struct rate_limit *rate_limit_create(void);
void rate_limit_destroy(struct rate_limit *limit); /* NULL is fine */

struct rate {
    int64_t per_minute;     /* 0: any number, and nothing else is set */
    int64_t remaining;      /* requests that may be made at once */
    int64_t full_in_ms;     /* until the bucket is full again */
    int64_t refused_for_ms; /* when it was refused: until one may be made; else 0 */
};
/* Takes one of the token's requests, of which it may make so many a minute; 0: any number. now_us:
 * of any clock that does not go back. */
struct rate rate_limit_take(struct rate_limit *limit, const char *token_id, int64_t per_minute,
                            int64_t now_us);

uint64_t rate_limit_refused(const struct rate_limit *limit); /* so far */
