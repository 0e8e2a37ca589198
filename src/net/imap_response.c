#include "net/imap_response.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { FOLDER_NAME_MOST = 500 };

static struct imap_tokens begin(struct bytes response)
{
    const char *data = response.data;
    return (struct imap_tokens){data, data + response.size};
}

static bool next_is(struct imap_tokens *tokens, const char *atom)
{
    struct imap_token token = imap_token_next(tokens);
    return imap_token_is(&token, atom);
}

/* False: the folder is there for its name alone. */
static bool read_flags(struct imap_tokens *tokens, struct imap_folder *folder)
{
    bool holds_mail = true;
    struct imap_token token = imap_token_next(tokens);
    if (token.kind != IMAP_OPEN)
        return false;
    while ((token = imap_token_next(tokens)).kind == IMAP_ATOM) {
        folder->is_sent |= imap_token_is(&token, "\\Sent");
        holds_mail &= !imap_token_is(&token, "\\Noselect") &&
                      !imap_token_is(&token, "\\NonExistent");
    }
    return token.kind == IMAP_CLOSE && holds_mail;
}

bool imap_response_folder(struct bytes response, struct arena *arena,
                          struct imap_folder *ret_folder)
{
    struct imap_folder folder = {0};
    struct imap_tokens tokens = begin(response);
    if (!next_is(&tokens, "*") || !next_is(&tokens, "LIST") || !read_flags(&tokens, &folder))
        return false;
    struct imap_token delimiter = imap_token_next(&tokens), name = imap_token_next(&tokens);
    const char *between = imap_token_text(&delimiter, arena);
    if ((!imap_token_is_string(&name) && name.kind != IMAP_ATOM) || !name.value.size ||
        name.value.size > FOLDER_NAME_MOST)
        return false;
    folder.name = imap_token_text(&name, arena);
    folder.delimiter = imap_token_is_string(&delimiter) && between ? *between : '\0';
    if (!folder.name || text_has_control(folder.name))
        return false;
    *ret_folder = folder;
    return true;
}

static void keep(struct imap_uids *uids, uint32_t uid)
{
    size_t lowest = 0;
    if (uids->count < IMAP_UIDS_MOST) {
        uids->items[uids->count++] = uid;
        return;
    }
    for (size_t i = 1; i < IMAP_UIDS_MOST; i++)
        if (uids->items[i] < uids->items[lowest])
            lowest = i;
    if (uid > uids->items[lowest])
        uids->items[lowest] = uid;
}

void imap_response_uids(struct bytes response, struct imap_uids *uids)
{
    struct imap_tokens tokens = begin(response);
    struct imap_token token;
    uint32_t uid;
    if (!next_is(&tokens, "*") || !next_is(&tokens, "SEARCH"))
        return;
    while (token = imap_token_next(&tokens), (uid = imap_token_number(&token)))
        keep(uids, uid);
}

/* Steps over a value that is a list. */
static struct imap_token next_value(struct imap_tokens *tokens)
{
    struct imap_token token = imap_token_next(tokens);
    for (size_t depth = token.kind == IMAP_OPEN; depth;) {
        token = imap_token_next(tokens);
        if (token.kind == IMAP_END)
            return token;
        depth += token.kind == IMAP_OPEN;
        depth -= token.kind == IMAP_CLOSE;
    }
    return token;
}

static bool is_fields(const struct imap_token *name)
{
    static const char BEGINNING[] = "BODY[HEADER.FIELDS";
    size_t size = sizeof BEGINNING - 1;
    return name->kind == IMAP_ATOM && name->value.size > size &&
           strncasecmp(name->value.data, BEGINNING, size) == 0;
}

const char *imap_response_fields(struct bytes response, struct arena *arena)
{
    struct imap_tokens tokens = begin(response);
    if (!next_is(&tokens, "*") || imap_token_next(&tokens).kind != IMAP_ATOM ||
        !next_is(&tokens, "FETCH") || imap_token_next(&tokens).kind != IMAP_OPEN)
        return NULL;
    for (;;) {
        struct imap_token name = imap_token_next(&tokens), value = next_value(&tokens);
        if (value.kind == IMAP_END || name.kind != IMAP_ATOM)
            return NULL;
        if (is_fields(&name) && imap_token_is_string(&value))
            return imap_token_text(&value, arena);
    }
}
