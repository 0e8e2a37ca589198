/* What a process that was taken over may answer: bytes as a mail that was read. Whatever comes out
 * is as its tables say, and comes through once more as it is. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mime/addr_spec.h"
#include "mime/form.h"
#include "parser/packed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const char *text)
{
    assert(!text || (text_is_utf8(text, strlen(text)) && !addr_spec_has_control(text)));
}

static void check_mail(const struct mime_mail *mail)
{
    const struct address *to = mail->to.items;
    for (size_t i = 0; i < mail->to.count; i++) {
        assert(strchr(to[i].email, '@'));
        check_line(to[i].email);
        check_line(to[i].name);
    }
    check_line(mail->from.email);
    check_line(mail->subject);
    check_line(mail->references);
    assert(!mail->html || text_is_utf8(mail->html, strlen(mail->html)));
    assert(mail->date.ms >= 0 && mail->order <= MIME_HTML_FIRST);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct mime_mail mail, again;
    char *copy = malloc(size ? size : 1); /* so that its end is seen */
    memcpy(copy, data, size);
    if (packed_read(&MIME_MAIL_FORM, (struct bytes){copy, size}, arena, &mail, &error)) {
        check_mail(&mail);
        struct bytes packed = packed_write(&MIME_MAIL_FORM, &mail, arena);
        bool is_read = packed_read(&MIME_MAIL_FORM, packed, arena, &again, &error);
        assert(is_read);
    }
    free(copy);
    return 0;
}
