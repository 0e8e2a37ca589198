#include "cli/trail_index.h"

#include <stdint.h>

#include "base/text.h"

enum { ROOM_FIRST = 1024 }; /* a power of two, as every room */

/* FNV-1a. Who makes an export whose ids collide makes his own check slow. */
static size_t place_of(const char *email_id, size_t room)
{
    uint64_t hash = 14695981039346656037U;
    for (; *email_id; email_id++)
        hash = (hash ^ (unsigned char)*email_id) * 1099511628211U;
    return (size_t)(hash ^ hash >> 32) & (room - 1);
}

static struct trail_entry *seek(struct trail_entry *entries, size_t room, const char *email_id)
{
    size_t at = place_of(email_id, room);
    while (entries[at].email_id && !text_equal(entries[at].email_id, email_id))
        at = (at + 1) & (room - 1);
    return &entries[at];
}

/* At most half of it is taken, so that a place is found at once. */
static void grow(struct trail_index *index)
{
    size_t room = index->room ? 2 * index->room : ROOM_FIRST;
    struct trail_entry *entries = arena_new(index->arena, struct trail_entry, room);
    for (size_t i = 0; i < index->room; i++)
        if (index->entries[i].email_id)
            *seek(entries, room, index->entries[i].email_id) = index->entries[i];
    index->entries = entries;
    index->room = room;
}

struct email_trail *trail_index_find(struct trail_index *index, const char *email_id)
{
    if (2 * index->count >= index->room)
        grow(index);
    struct trail_entry *entry = seek(index->entries, index->room, email_id);
    if (!entry->email_id) {
        entry->email_id = arena_copy(index->arena, email_id);
        index->count++;
    }
    return &entry->trail;
}
