#include "model/event_chain.h"

#include <stdio.h>

#include "base/text.h"

static void take_hash(struct event_chain *chain, const char *hash)
{
    chain->is_chained = hash;
    snprintf(chain->hash, sizeof chain->hash, "%s", text_or(hash, ""));
}

struct event_chain event_chain_behind(int64_t number, const char *hash)
{
    struct event_chain chain = {.number = number};
    take_hash(&chain, hash);
    return chain;
}

static const char *missing(int64_t first, int64_t last, struct arena *arena)
{
    return first == last ? arena_format(arena, "event %lld is missing", (long long)first)
                         : arena_format(arena, "events %lld to %lld are missing", (long long)first,
                                        (long long)last);
}

/* What was erased of a mail has lost reason, detail and salt, all three (email_trail.h asks who did
 * it). Of administration nothing is erased. */
static bool content_holds(const struct event_record *record, struct arena *arena)
{
    bool is_erased = record->email_id && !record->reason && !record->detail && !record->salt &&
                     record->content_sha256;
    return is_erased ||
           text_equal(event_record_content_sha256(record, arena), record->content_sha256);
}

static const char *check_hash(const struct event_chain *chain, const struct event_record *record,
                              struct arena *arena)
{
    long long number = record->number;
    const char *previous = chain->is_chained ? chain->hash : NULL;
    if (!record->hash)
        return chain->is_chained ? arena_format(arena, "event %lld has lost its hash", number)
                                 : NULL;
    if (!text_equal(event_record_hash(record, previous, arena), record->hash))
        return arena_format(
            arena, "event %lld was changed, or what stood before it: its hash is another", number);
    if (!content_holds(record, arena))
        return arena_format(arena, "the reason or the detail of event %lld was changed", number);
    if (text_equal(record->event, EMAIL_EVENT_NAMES[EVENT_ACCEPTED]) && !record->mail_sha256)
        return arena_format(arena, "event %lld says sent, and not which mail", number);
    return NULL;
}

const char *event_chain_add(struct event_chain *chain, const struct event_record *record,
                            struct arena *arena)
{
    int64_t wanted = chain->number + 1;
    const char *what = NULL;
    chain->events++;
    if (record->number < wanted)
        return arena_format(arena, "event %lld stands behind event %lld", (long long)record->number,
                            (long long)chain->number);
    if (record->number > wanted)
        what = missing(wanted, record->number - 1, arena);
    else
        what = check_hash(chain, record, arena);
    if (!what && record->position <= chain->position)
        what = arena_format(arena, "event %lld stands at another place than it did",
                            (long long)record->number);
    if (!chain->first)
        chain->first = record->number;
    chain->older += !record->hash;
    chain->number = record->number;
    chain->position = record->position;
    take_hash(chain, record->hash);
    return what;
}

const char *event_chain_end(const struct event_chain *chain, int64_t number, const char *hash,
                            struct arena *arena)
{
    const char *found = chain->is_chained ? chain->hash : NULL;
    if (number != chain->number)
        return arena_format(arena, "the chain ends at %lld, and its end says %lld",
                            (long long)chain->number, (long long)number);
    return text_equal(found, hash)
               ? NULL
               : arena_format(arena, "the end has another hash than event %lld", (long long)number);
}
