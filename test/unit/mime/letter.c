#include "letter.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"

struct spool *letter_spool(const char *text)
{
    struct error error;
    struct spool *spool = spool_create("/tmp", LETTER_MOST);
    assert_true(spool_write(spool, text, strlen(text), &error));
    return spool;
}

const char *letter_text(struct spool *spool, struct arena *arena)
{
    struct error error;
    struct bytes bytes;
    assert_true(spool_bytes(spool, LETTER_MOST, arena, &bytes, &error));
    return arena_copy_bytes(arena, bytes.data, bytes.size);
}

struct mime_mail letter_small(void)
{
    static struct address to = {"to@example.com", NULL};
    return (struct mime_mail){
        .from = {"from@example.com", "From"},
        .to = {&to, 1},
        .subject = "Hello",
        .text = "Hello\n",
        .message_id = "<1@example.com>",
        .date = {1779286200000},
    };
}

const char *letter_compose(const struct mime_mail *mail, bool with_bcc, struct arena *arena)
{
    struct error error = {0};
    AUTO_SPOOL out = spool_create("/tmp", LETTER_MOST);
    if (!mime_compose(mail, with_bcc, out, &error))
        fail_msg("%s: %s", error.field, error.message);
    return letter_text(out, arena);
}

const char *letter_header(const char *message, const char *name, struct arena *arena)
{
    const char *start = arena_format(arena, "\r\n%s: ", name);
    const char *at = strstr(arena_format(arena, "\r\n%s", message), start);
    if (!at)
        return NULL;
    at += strlen(start);
    size_t size = strcspn(at, "\r");
    while (at[size + 2] == ' ')
        size += 2 + strcspn(at + size + 2, "\r");
    return arena_copy_bytes(arena, at, size);
}

int letter_file(const void *data, size_t size)
{
    int file = memfd_create("attachment", MFD_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(write(file, data, size), size);
    return file;
}

struct mime_mail letter_parse(const char *text, struct arena *arena)
{
    struct error error = {0};
    struct mime_mail mail;
    AUTO_SPOOL spool = letter_spool(text);
    if (!mime_parse(spool, NULL, arena, &mail, &error))
        fail_msg("%s", error.message);
    return mail;
}

static bool fails_now(struct letter_sink *kept, struct error *error)
{
    return --kept->fails_at == 0 && !fail(error, ERROR_FULL, "", "the sink is full");
}

static bool add(struct letter_sink *kept, const void *data, size_t size)
{
    char *longer = arena_alloc(kept->arena, kept->size + size + 1);
    if (kept->size)
        memcpy(longer, kept->contents, kept->size);
    memcpy(longer + kept->size, data, size);
    kept->contents = longer;
    kept->size += size;
    return true;
}

static bool begin(void *context, const struct mime_attachment *part, struct error *error)
{
    struct letter_sink *kept = context;
    const char *name = text_or(part->filename, "-");
    kept->count++;
    return !fails_now(kept, error) && add(kept, name, strlen(name)) && add(kept, ":", 1);
}

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    return !fails_now(context, error) && add(context, data, size);
}

static bool end(void *context, struct error *error)
{
    return !fails_now(context, error) && add(context, ";", 1);
}

struct mime_sink letter_sink(struct letter_sink *kept)
{
    return (struct mime_sink){kept, begin, take, end};
}

void letter_check_rows(const struct letter_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA arena = arena_create();
        print_message("# row %zu\n", i);
        AUTO_SPOOL spool = letter_spool(rows[i].message);
        struct letter_sink kept = {.arena = arena, .contents = arena_copy(arena, "")};
        struct mime_sink sink = letter_sink(&kept);
        struct error error;
        struct mime_mail mail;
        assert_true(mime_parse(spool, &sink, arena, &mail, &error));
        const struct mime_attachment *parts = mail.attachments.items;
        const char *types = "";
        for (size_t j = 0; j < mail.attachments.count; j++)
            types = arena_format(arena, "%s%s ", types, parts[j].content_type);
        assert_string_equal(text_or(mail.text, "-"), text_or(rows[i].text, "-"));
        assert_string_equal(text_or(mail.html, "-"), text_or(rows[i].html, "-"));
        assert_string_equal(kept.contents, rows[i].contents);
        assert_string_equal(types, rows[i].types);
    }
}
