/* Reads mail into a record, answers and forwards it, and puts a signature under both. What comes
 * out must be clean: text that is UTF-8, headers of one line, HTML that is its own harmless form,
 * sizes within their limits. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/media_type.h"
#include "base/secret.h"
#include "base/text.h"
#include "html/html.h"
#include "message/answer.h"
#include "message/incoming.h"
#include "message/quote.h"
#include "message/signature.h"
#include "mime/check.h"
#include "mime/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 64 * 1024 * 1024 };

static char folder[] = "/tmp/incoming-fuzz-XXXXXX";
static struct blobs *blobs;

static void close_blobs(void)
{
    char command[64];
    blobs_close(blobs);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        abort();
}

static void open_blobs(void)
{
    struct error error;
    if (blobs)
        return;
    secret_start();
    if (!mkdtemp(folder) || !(blobs = blobs_open(folder, &error)))
        abort();
    atexit(close_blobs);
}

static void check_text(const char *text, size_t most)
{
    assert(!text || (text_is_utf8(text, strlen(text)) && strlen(text) <= most));
}

static void check_people(const struct list *list, size_t *count)
{
    const struct address *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        assert(strchr(items[i].email, '@') && email_is_header_text(items[i].email));
        assert(email_is_header_text(items[i].name));
        check_text(items[i].name, INCOMING_NAME_BYTES_MAX);
    }
    *count += list->count;
}

static void check_id(const char *id)
{
    size_t size = id ? strlen(id) : 3;
    assert(size >= 3 && size <= MIME_ID_MAX);
    assert(!id || (*id == '<' && id[size - 1] == '>' && text_is_ascii(id) && !strchr(id, ' ')));
}

/* It is its own harmless form; or too deep for one, when another has been put around it. */
static void check_harmless(const char *html, struct arena *arena)
{
    struct error error;
    const char *again = NULL;
    check_text(html, HTML_BYTES_MAX);
    if (html && html_sanitize(html, arena, &again, &error))
        assert(text_equal(html, again));
}

static void check_attachments(const struct email *email, const struct list *documents)
{
    const struct attachment *items = email->attachments.items;
    const struct document *files = documents->items;
    struct error error;
    assert(email->attachments.count == documents->count);
    assert(documents->count <= MIME_PARTS_MAX + 2);
    for (size_t i = 0; i < documents->count; i++) {
        assert(text_equal(items[i].document_id, files[i].id) && items[i].filename);
        assert(media_type_is_valid(items[i].content_type));
        assert(!items[i].content_id || email_is_content_id(items[i].content_id));
        assert(!items[i].is_inline || (items[i].content_id && email->body_html));
        assert(strlen(items[i].sha256) == SHA256_HEX_SIZE && items[i].size_bytes >= 0);
    }
    struct email_limits limits = {INCOMING_RECIPIENTS_MAX, INT64_MAX};
    bool is_good = email_check(email, &limits, &error); /* as any record must be */
    assert(is_good);
}

static void check_email(const struct email *email, const struct list *documents,
                        struct arena *arena)
{
    size_t count = 0;
    check_people(&email->reply_to_recipients, &count);
    check_people(&email->to_recipients, &count);
    check_people(&email->cc_recipients, &count);
    check_people(&email->bcc_recipients, &count);
    assert(count <= INCOMING_RECIPIENTS_MAX && email->message_date.ms >= 0);
    check_text(email->subject, INCOMING_SUBJECT_BYTES_MAX);
    check_text(email->from_name, INCOMING_NAME_BYTES_MAX);
    check_id(email->message_id);
    check_id(email->in_reply_to);
    check_text(email->body_text, 4 * HTML_BYTES_MAX);
    check_harmless(email->body_html, arena);
    assert(email->body_text || email->body_html);
    check_attachments(email, documents);
}

static void check_draft(struct email *draft, struct arena *arena)
{
    struct error error;
    struct signed_bodies bodies, again;
    struct email_limits limits = {2 * INCOMING_RECIPIENTS_MAX, INT64_MAX};
    bool is_good = email_check(draft, &limits, &error);
    assert(is_good);
    check_text(draft->subject, ANSWER_SUBJECT_BYTES_MAX);
    check_text(draft->body_html, QUOTE_BYTES_MAX + 64);
    check_text(draft->body_text, QUOTE_BYTES_MAX + 64);
    draft->signature_html = "<p>The signature</p>";
    if (!signature_append(draft, arena, &bodies, &error))
        return;
    assert(strstr(bodies.html, "<p>The signature</p>") && strstr(bodies.text, "The signature"));
    draft->body_html = bodies.html;
    draft->body_text = bodies.text;
    is_good = signature_append(draft, arena, &again, &error);
    assert(is_good && text_equal(again.html, bodies.html) && text_equal(again.text, bodies.text));
}

static void check_answers(const struct email *email, struct arena *arena)
{
    struct address own = {"me@example.com", NULL};
    struct list list = {&own, 1};
    struct email draft;
    struct error error;
    for (int to_all = 0; to_all < 2; to_all++)
        if (answer_reply(email, &list, to_all, &(struct manner){0}, arena, &draft, &error)) {
            assert(draft.to_recipients.count);
            check_draft(&draft, arena);
        }
    bool is_made = answer_forward(email, &(struct manner){0}, arena, &draft, &error);
    assert(is_made && draft.attachments.count == email->attachments.count);
    check_draft(&draft, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_blobs();
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL raw = spool_create("/tmp", LIMIT);
    struct email email;
    struct list documents;
    struct error error = {0};
    bool is_written = spool_write(raw, data, size, &error);
    assert(is_written);
    if (!incoming_read(raw, blobs, true, arena, &email, &documents, &error)) {
        assert(error.code == ERROR_INVALID || error.code == ERROR_TOO_LARGE);
        return 0;
    }
    assert(text_equal(email.mail_sha256, secret_sha256(data, size, arena)));
    check_email(&email, &documents, arena);
    check_answers(&email, arena);
    return 0;
}
