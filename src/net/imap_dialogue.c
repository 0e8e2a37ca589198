#include "net/imap_dialogue.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "net/imap_token.h"

enum { RESPONSES_MOST = 20000, STATUS_MOST = 200 };

static bool fail_wire(const struct imap *imap, enum wire_state state, struct error *error)
{
    return fail(error, ERROR_PROVIDER, "host", "%s: %s", imap->where,
                state == WIRE_LATE ? "no answer came in time" : "the connection was closed");
}

static bool keep(struct imap *imap, struct bytes piece, struct error *error)
{
    if (piece.size > IMAP_RESPONSE_BYTES_MOST - imap->size)
        return fail(error, ERROR_PROVIDER, "host", "%s: a response is longer than %d bytes",
                    imap->where, IMAP_RESPONSE_BYTES_MOST);
    memcpy(imap->response + imap->size, piece.data, piece.size);
    imap->size += piece.size;
    return true;
}

/* Up to the end of a line that is not the beginning of a literal. */
static bool read_response(struct imap *imap, struct error *error)
{
    size_t line = 0, literal = 0;
    struct bytes piece = {0};
    imap->size = 0;
    for (;;) {
        enum wire_state state = wire_read_piece(&imap->wire, literal ? literal : SIZE_MAX,
                                                imap->deadline_ms, &piece);
        if (state != WIRE_FINE)
            return fail_wire(imap, state, error);
        if (!keep(imap, piece, error))
            return false;
        if (literal) {
            literal -= piece.size;
            line = imap->size;
            continue;
        }
        if (imap->response[imap->size - 1] != '\n')
            continue;
        if (!imap_token_ends_in_literal(imap->response + line, imap->size - line, &literal))
            break;
        line = imap->size;
    }
    imap->size -= imap->size > 1 && imap->response[imap->size - 2] == '\r' ? 2 : 1;
    imap->response[imap->size] = '\0';
    return true;
}

/* True: the response ends the command. */
static bool is_last(const struct imap *imap, const char *tag, const char **ret_status)
{
    size_t size = strlen(tag);
    *ret_status = imap->response + size + 1;
    return imap->size > size && memcmp(imap->response, tag, size) == 0 &&
           imap->response[size] == ' ';
}

static bool say(struct imap *imap, const char *tag, const char *command, struct error *error)
{
    const char *line = arena_format(imap->arena, "%s %s\r\n", tag, command);
    enum wire_state state = wire_write(&imap->wire, line, strlen(line), imap->deadline_ms);
    return state == WIRE_FINE || fail_wire(imap, state, error);
}

bool imap_dialogue_run(struct imap *imap, const char *command, imap_take *take, void *context,
                       struct error *error)
{
    const char *tag = arena_format(imap->arena, "o%u", ++imap->commands), *status;
    if (!say(imap, tag, command, error))
        return false;
    for (size_t i = 0; i < RESPONSES_MOST && read_response(imap, error); i++) {
        if (!is_last(imap, tag, &status)) {
            take(context, (struct bytes){imap->response, imap->size});
            continue;
        }
        return strncasecmp(status, "OK", 2) == 0 ||
               fail(error, ERROR_PROVIDER, "", "%s: the answer to %.*s was: %s", imap->where,
                    (int)strcspn(command, "\""), command,
                    text_clean(status, strnlen(status, STATUS_MOST), imap->arena));
    }
    return error->code ? false
                       : fail(error, ERROR_PROVIDER, "host", "%s: more than %d responses came",
                              imap->where, RESPONSES_MOST);
}
