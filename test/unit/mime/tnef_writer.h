/* tnef_writer.h - writes TNEF files (winmail.dat) for tests, and broken ones, too. */
#pragma once
#include <stdint.h>

#include "base/arena.h"

enum { TNEF_OF_MAIL = 1, TNEF_OF_FILE = 2 };

/* An attribute; or with a type a property, which waits for the next attribute that has no data:
 * that is the list of all that wait. The last step is {0}. */
struct tnef_step {
    unsigned level;
    uint32_t id;
    const char *data;
    size_t size;
    uint16_t type;
};

#define TNEF_TEXT(level, id, text) \
    { \
        (level), (id), (text), sizeof(text) \
    }
#define TNEF_DATA(level, id, text) \
    { \
        (level), (id), (text), sizeof(text) - 1 \
    }
#define TNEF_PROPERTY(type, id, text) \
    { \
        TNEF_OF_FILE, (id), (text), sizeof(text) - 1, (type) \
    }
/* text: u"..." */
#define TNEF_UNICODE(id, text) \
    { \
        TNEF_OF_FILE, (id), (const char *)(text), sizeof(text), 0x1F \
    }
#define TNEF_BEGIN TNEF_DATA(TNEF_OF_FILE, 0x69002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0")
#define TNEF_TITLE(text) TNEF_TEXT(TNEF_OF_FILE, 0x18010, text)
#define TNEF_CONTENT(text) TNEF_DATA(TNEF_OF_FILE, 0x6800F, text)
#define TNEF_BODY(text) TNEF_TEXT(TNEF_OF_MAIL, 0x2800C, text)
#define TNEF_CODE_PAGE(bytes) TNEF_DATA(TNEF_OF_MAIL, 0x69007, bytes "\0\0\0\0\0\0")
#define TNEF_CLASS(text) TNEF_TEXT(TNEF_OF_MAIL, 0x78008, text)
#define TNEF_MAIL_LIST \
    { \
        TNEF_OF_MAIL, 0x69003 \
    }
#define TNEF_FILE_LIST \
    { \
        TNEF_OF_FILE, 0x69005 \
    }

struct bytes tnef_write(const struct tnef_step *steps, struct arena *arena);

/* The same as the value of an object: a message that is attached to another one. */
struct bytes tnef_write_attached(const struct bytes *message, struct arena *arena);
