#include "provider/gmail_handle.h"

#include <string.h>

#include "base/text.h"

static const char NO_HISTORY[] = "-";

const char *gmail_handle_write(const struct gmail_handle *handle, struct arena *arena)
{
    return arena_format(arena, "%s %s %s %s", handle->draft_id, handle->message_id,
                        handle->thread_id, text_or(handle->history_id, NO_HISTORY));
}

static const char *take_word(const char **at, struct arena *arena)
{
    size_t size = strcspn(*at, " ");
    const char *word = arena_copy_bytes(arena, *at, size);
    *at += size;
    *at += **at == ' ';
    return word;
}

bool gmail_handle_read(const char *text, struct arena *arena, struct gmail_handle *ret_handle)
{
    struct gmail_handle handle;
    const char *at = text;
    handle.draft_id = take_word(&at, arena);
    handle.message_id = take_word(&at, arena);
    handle.thread_id = take_word(&at, arena);
    const char *history_id = take_word(&at, arena);
    handle.history_id = text_equal(history_id, NO_HISTORY) ? NULL : history_id;
    if (*at || !gmail_is_id(handle.draft_id) || !gmail_is_id(handle.message_id) ||
        !gmail_is_id(handle.thread_id) ||
        (handle.history_id && !gmail_is_history_id(handle.history_id)))
        return false;
    *ret_handle = handle;
    return true;
}
