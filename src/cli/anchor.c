#include "cli/anchor.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"

static bool read_anchor(const char *text, struct arena *arena, struct anchor *ret_anchor)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    if (number <= 0 || *end != ':' || strlen(end + 1) != SHA256_HEX_SIZE)
        return false;
    *ret_anchor = (struct anchor){.number = number, .hash = text_lower(end + 1, arena)};
    return true;
}

bool anchors_read(struct list texts, struct arena *arena, struct list *ret_anchors,
                  struct error *error)
{
    const char *const *given = texts.items;
    struct anchor *anchors = arena_new(arena, struct anchor, texts.count);
    for (size_t i = 0; i < texts.count; i++)
        if (!read_anchor(given[i], arena, &anchors[i]))
            return fail(error, ERROR_INVALID, "",
                        "--expect takes NUMBER:HASH, as audit verify prints the end");
    *ret_anchors = (struct list){anchors, texts.count};
    return true;
}

const char *anchors_pass(struct list anchors, const struct event_record *record,
                         struct arena *arena)
{
    struct anchor *items = anchors.items;
    const char *what = NULL;
    for (size_t i = 0; i < anchors.count; i++) {
        if (items[i].number != record->number)
            continue;
        items[i].is_met = true;
        if (!text_equal(items[i].hash, record->hash))
            what = arena_format(arena, "event %lld is not the one that was noted",
                                (long long)record->number);
    }
    return what;
}

const struct anchor *anchors_missed(struct list anchors)
{
    const struct anchor *items = anchors.items;
    for (size_t i = 0; i < anchors.count; i++)
        if (!items[i].is_met)
            return &items[i];
    return NULL;
}
