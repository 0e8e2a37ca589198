#include "net/imap.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "net/imap_dialogue.h"
#include "net/imap_response.h"

enum { FOLDERS_MOST = 10000, PLAIN_BYTES_MOST = 500 };

struct imap *imap_open(const struct imap_server *server, struct arena *arena, struct error *error)
{
    struct imap *imap = calloc(1, sizeof *imap);
    if (!imap)
        abort();
    imap->deadline_ms = clock_steady_ms() + server->total_timeout_ms;
    imap->arena = arena;
    imap->wire.curl = imap_sign_in_run(&imap->sign_in, server, arena, error);
    if (!imap->wire.curl) {
        free(imap);
        return NULL;
    }
    imap->where = imap_where(server, arena);
    curl_easy_getinfo(imap->wire.curl, CURLINFO_ACTIVESOCKET, &imap->wire.socket);
    return imap;
}

void imap_close(struct imap **imap)
{
    static const char LOGOUT[] = "logout LOGOUT\r\n";
    if (!*imap)
        return;
    if (wire_is_quiet(&(*imap)->wire))
        wire_write(&(*imap)->wire, LOGOUT, sizeof LOGOUT - 1, clock_steady_ms());
    curl_easy_cleanup((*imap)->wire.curl);
    free(*imap);
    *imap = NULL;
}

bool imap_is_plain(const char *text)
{
    return !text_is_empty(text) && strlen(text) <= PLAIN_BYTES_MOST && text_is_ascii(text) &&
           !text_has_control(text) && !strpbrk(text, "\"\\");
}

/* RFC 3501 9, quoted: for what has no control character. */
static const char *quoted(const char *text, struct arena *arena)
{
    struct buf buf = BUF(arena, 2 * strlen(text) + 2);
    buf_add_char(&buf, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_add_char(&buf, '\\');
        buf_add_char(&buf, *text);
    }
    buf_add_char(&buf, '"');
    return buf_text(&buf, &(struct error){0});
}

struct folders {
    struct arena *arena;
    struct imap_folder *items;
    size_t count, room;
};

static void take_folder(void *context, struct bytes response)
{
    struct folders *folders = context;
    struct imap_folder folder;
    if (folders->count == FOLDERS_MOST || !imap_response_folder(response, folders->arena, &folder))
        return;
    if (folders->count == folders->room) {
        size_t room = folders->room ? 2 * folders->room : 32;
        struct imap_folder *items = arena_new(folders->arena, struct imap_folder, room);
        if (folders->count)
            memcpy(items, folders->items, folders->count * sizeof *items);
        folders->items = items;
        folders->room = room;
    }
    folders->items[folders->count++] = folder;
}

bool imap_list(struct imap *imap, struct list *ret_folders, struct error *error)
{
    struct folders folders = {.arena = imap->arena};
    if (!imap_dialogue_run(imap, "LIST \"\" \"*\"", take_folder, &folders, error))
        return false;
    *ret_folders = (struct list){folders.items, folders.count};
    return true;
}

static void take_nothing(void *context, struct bytes response)
{
    (void)context;
    (void)response;
}

bool imap_examine(struct imap *imap, const char *folder, struct error *error)
{
    const char *command = arena_format(imap->arena, "EXAMINE %s", quoted(folder, imap->arena));
    return imap_dialogue_run(imap, command, take_nothing, NULL, error);
}

static void take_uids(void *context, struct bytes response)
{
    imap_response_uids(response, context);
}

bool imap_search(struct imap *imap, const char *field, const char *value,
                 struct imap_uids *ret_uids, struct error *error)
{
    struct imap_uids uids = {0};
    if (!imap_is_plain(field) || !imap_is_plain(value))
        return fail(error, ERROR_INVALID, "", "this cannot be searched for");
    const char *command = arena_format(imap->arena, "UID SEARCH HEADER %s %s", field,
                                       quoted(value, imap->arena));
    if (!imap_dialogue_run(imap, command, take_uids, &uids, error))
        return false;
    *ret_uids = uids;
    return true;
}

struct heads {
    struct arena *arena;
    const char **items;
    size_t count, most;
};

static void take_head(void *context, struct bytes response)
{
    struct heads *heads = context;
    const char *head = heads->count < heads->most ? imap_response_fields(response, heads->arena)
                                                  : NULL;
    if (head)
        heads->items[heads->count++] = head;
}

bool imap_fetch_fields(struct imap *imap, const struct imap_uids *uids, const char *fields,
                       struct list *ret_heads, struct error *error)
{
    struct heads heads = {.arena = imap->arena, .most = uids->count};
    struct buf command = BUF(imap->arena, 4096);
    *ret_heads = (struct list){0};
    if (!uids->count)
        return true;
    heads.items = arena_new(imap->arena, const char *, uids->count);
    buf_add(&command, "UID FETCH ");
    for (size_t i = 0; i < uids->count; i++)
        buf_addf(&command, i ? ",%u" : "%u", uids->items[i]);
    buf_addf(&command, " (BODY.PEEK[HEADER.FIELDS (%s)])", fields);
    const char *text = buf_text(&command, error);
    if (!text || !imap_dialogue_run(imap, text, take_head, &heads, error))
        return false;
    *ret_heads = (struct list){heads.items, heads.count};
    return true;
}
