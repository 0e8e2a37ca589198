/* Reads a calendar file; what is read must be clean lines, and a time must look like one. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "mime/invitation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const char *text)
{
    assert(!text || (*text && text_is_utf8(text, strlen(text)) && !text_has_control(text)));
}

static void check_time(const char *text)
{
    static const char SHAPE[] = "dddd-dd-ddTdd:dd:ddZ";
    size_t size = text ? strlen(text) : 0;
    assert(!text || size == 10 || size == 19 || size == 20);
    for (size_t i = 0; i < size; i++)
        assert(SHAPE[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == SHAPE[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secret_start();
    AUTO_ARENA arena = arena_create();
    struct calendar found = {0};
    if (!invitation_read(&(struct bytes){data, size}, NULL, arena, &found)) {
        assert(!found.start);
        return 0;
    }
    assert(found.start);
    check_time(found.start);
    check_time(found.end);
    check_line(found.method);
    check_line(found.summary);
    check_line(found.organizer);
    return 0;
}
